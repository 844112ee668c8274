// Bundles preview.jsx for the browser into build/.
import * as esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';

// Grafana's modules import packages of the old kind by a default export these lack; take the package itself then.
const OURS = /^(\.|@grafana\/|react$|react\/|react-dom|@emotion|rxjs|tslib|lodash)/;
const interop = {
  name: 'interop',
  setup(build) {
    build.onLoad({ filter: /node_modules\/@grafana\/.*\.mjs$/ }, async ({ path: file }) => {
      const text = await fs.promises.readFile(file, 'utf8');
      const contents = text.replace(
        /^import (\w+)( from |, \{[^}]*\} from )'([^']+)';/gm,
        (line, name, rest, module) =>
          OURS.test(module)
            ? line
            : `${line.replace('import ' + name, 'import __' + name)}\nconst ${name} = (__${name} && __${name}.default) || __${name};`,
      );
      return { contents, loader: 'js', resolveDir: path.dirname(file) };
    });
  },
};

await esbuild.build({
  entryPoints: ['preview.jsx'],
  outfile: 'build/preview.js',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  loader: { '.svg': 'dataurl', '.ttf': 'dataurl' },
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  plugins: [interop],
  logLevel: 'error',
});
