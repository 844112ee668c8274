// Draws every dashboard as PNG beside this file, from the data that LiveMeshIT leaves in agent/target/live-mesh.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';

const HERE = import.meta.dirname;
const DATA = path.join(HERE, '../../agent/target/live-mesh');
const BOARDS = path.join(HERE, '../dashboards');
const PROMETHEUS = 19090;
const PAGES = 19091;
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };

// The dashboard of one node shows the node that had most to repair.
const ONE = { 'onlink-node': '172.31.7.1:5115' };
const PAGE = '<link rel=stylesheet href=/build/preview.css><body style="margin:0;background:#111217;font-family:Inter,sans-serif;color:#ccccdc"><div id=root></div><script type=module src=/build/preview.js></script>';

fs.writeFileSync(path.join(DATA, 'nothing.yml'), 'scrape_configs: []\n');
const prometheus = spawn(process.env.PROMETHEUS ?? 'prometheus', [`--config.file=${DATA}/nothing.yml`, `--storage.tsdb.path=${DATA}/tsdb`,
  `--web.listen-address=127.0.0.1:${PROMETHEUS}`], { stdio: 'ignore' });
process.on('exit', () => prometheus.kill());
prometheus.on('exit', (status) => status && process.exit(status)); // another one has the port, or has these data

const pages = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith('/api/')) {
    http.get(`http://127.0.0.1:${PROMETHEUS}${request.url}`, (answer) => answer.pipe(response));
  } else if (pathname === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
  } else {
    const file = pathname.startsWith('/dashboards/') ? path.join(BOARDS, path.basename(pathname)) : path.join(HERE, 'build', path.basename(pathname));
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'text/plain');
    fs.createReadStream(file).on('error', () => response.writeHead(404).end()).pipe(response);
  }
}).listen(PAGES, '127.0.0.1');

async function api(question) {
  const answer = await fetch(`http://127.0.0.1:${PROMETHEUS}/api/v1/${question}`);
  if (!answer.ok) throw new Error(`${question}: ${answer.status}`);
  return (await answer.json()).data;
}

async function ready() {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await api('status/tsdb');
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error('prometheus does not answer');
}

let browser;
try {
  const { headStats } = await ready();
  const to = Math.floor(headStats.maxTime / 1000) - 1;
  const from = Math.ceil(headStats.minTime / 1000);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu',
    '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  for (const file of fs.readdirSync(BOARDS).filter((name) => name.endsWith('.json'))) {
    const board = path.basename(file, '.json');
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    page.on('pageerror', (error) => console.log(String(error).slice(0, 500)));
    await page.goto(`http://127.0.0.1:${PAGES}/?board=${board}&from=${from}&to=${to}&step=1&rate=10s&instance=${ONE[board] ?? '.%2B'}`);
    await page.waitForFunction(() => ['drawn', 'failed'].includes(document.title), null, { timeout: 60000 });
    await page.screenshot({ path: path.join(HERE, `${board}.png`), fullPage: true });
    console.log(board, await page.title());
    await page.close();
  }
} finally {
  await browser?.close();
  pages.close();
  prometheus.removeAllListeners('exit').kill();
}
