// Draws one dashboard with Grafana's own panel components: /?board=onlink-mesh&from=SECONDS&to=SECONDS&step=SECONDS&rate=DURATION&instance=REGEX
import { initPluginTranslations } from '@grafana/i18n';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { createTheme, toDataFrame, FieldType, getDisplayProcessor, dateTime, ThemeContext } from '@grafana/data';
import { GlobalStyles, PanelChrome, BigValue, TimeSeries, Table } from '@grafana/ui';

const theme = createTheme({ colors: { mode: 'dark' } });
const asked = new URLSearchParams(location.search);
const [from, to, step] = ['from', 'to', 'step'].map((name) => Number(asked.get(name)));
const timeRange = { from: dateTime(from * 1000), to: dateTime(to * 1000), raw: { from: 'then', to: 'now' } };
const WIDTH = 1600;
const ROW = 38;

async function query(target) {
  const expr = target.expr
    .replaceAll('$__rate_interval', asked.get('rate'))
    .replaceAll('$job', '.+')
    .replaceAll('$instance', asked.get('instance'));
  const time = target.instant ? `query?time=${to}` : `query_range?start=${from}&end=${to}&step=${step}`;
  const answer = await (await fetch(`/api/v1/${time}&query=${encodeURIComponent(expr)}`)).json();
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${expr}`);
  return answer.data.result;
}

const legend = (format, labels) => format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => labels[name] ?? '') || 'value';
const byName = (name, type, values, config = {}) => ({ name, type, values, config });

function table(series, panel) {
  const names = [...new Set(series.flatMap((one) => Object.keys(one.metric)))].filter((name) => name !== '__name__');
  const steps = Object.fromEntries((panel.transformations ?? []).map(({ id, options }) => [id, options]));
  const matrix = steps.groupingToMatrix;
  if (matrix) {
    const of = (label) => [...new Set(series.map((one) => one.metric[label]))].sort();
    const rows = of(matrix.rowField);
    const cell = (row, column) => series.find((one) => one.metric[matrix.rowField] === row && one.metric[matrix.columnField] === column);
    const figures = matrix.valueField === 'Value';
    const content = (one) => (!one ? null : figures ? Number(one.value[1]) : one.metric[matrix.valueField]);
    return [
      byName(steps.organize.renameByName[`${matrix.rowField}\\${matrix.columnField}`], FieldType.string, rows),
      ...of(matrix.columnField).map((column) =>
        byName(column, figures ? FieldType.number : FieldType.string, rows.map((row) => content(cell(row, column))))),
    ];
  }
  const { excludeByName = {}, renameByName = {}, indexByName = {} } = steps.organize ?? {};
  const fields = [
    ...names.map((name) => byName(name, FieldType.string, series.map((one) => one.metric[name] ?? ''))),
    byName('Value', FieldType.number, series.map((one) => Number(one.value[1]))),
  ];
  return fields
    .filter((field) => !excludeByName[field.name])
    .sort((a, b) => (indexByName[a.name] ?? 99) - (indexByName[b.name] ?? 99))
    .map((field) => ({ ...field, name: renameByName[field.name] ?? field.name }));
}

// The overrides that our dashboards have: by a field's name or its type or of all, of a property or of one of custom.
function override(field, panel) {
  for (const { matcher, properties } of panel.fieldConfig.overrides ?? []) {
    const meant = { byName: field.name, byType: field.type, byRegexp: '/.*/' }[matcher.id];
    if (matcher.options !== meant) continue;
    for (const { id, value } of properties) {
      const own = id.replace(/^custom\./, '');
      field.config = own === id ? { ...field.config, [id]: value } : { ...field.config, custom: { ...field.config.custom, [own]: value } };
    }
  }
}

async function frames(panel) {
  const all = [];
  for (const target of panel.targets) {
    const series = await query(target);
    if (!series.length) continue;
    if (target.format === 'table') {
      all.push({ fields: table(series, panel) });
      continue;
    }
    for (const { metric, value, values = [value] } of series) {
      const name = legend(target.legendFormat, metric);
      all.push({ name, fields: [
        byName('Time', FieldType.time, values.map(([time]) => time * 1000)),
        byName('Value', FieldType.number, values.map(([, figure]) => (figure === 'NaN' ? null : Number(figure))), { displayNameFromDS: name }),
      ] });
    }
  }
  return all.map((frame, index) => {
    const drawn = toDataFrame(frame);
    drawn.fields.forEach((field) => {
      const { custom, ...defaults } = panel.fieldConfig.defaults;
      field.config = { ...defaults, custom, ...field.config };
      override(field, panel);
      if (field.type === FieldType.time) field.config = { custom };
      field.state = { ...field.state, seriesIndex: index };
      field.display = getDisplayProcessor({ field, theme, timeZone: 'utc' });
    });
    return drawn;
  });
}

// Grafana keeps its state timeline to itself, so this one is ours.
function Timeline({ panel, data, width, height }) {
  const left = 60;
  const bar = Math.min(28, (height - 30) / data.length);
  const at = (time) => left + ((time / 1000 - from) / (to - from)) * (width - left - 10);
  return <svg width={width} height={height} style={{ font: '12px Inter' }}>
    {data.map((frame, row) => <g key={frame.name}>
      <text x={left - 8} y={row * bar + bar * 0.65} fill={theme.colors.text.secondary} textAnchor="end">{frame.name}</text>
      {frame.fields[0].values.map((time, i) => <rect key={time} x={at(time)} y={row * bar + 2} width={at(time + step * 1000) - at(time) + 0.6} height={bar - 4}
        fill={frame.fields[1].display(frame.fields[1].values[i]).color} />)}
    </g>)}
    {[0, 0.25, 0.5, 0.75, 1].map((part) => <text key={part} x={left + part * (width - left - 60)} y={height - 6} fill={theme.colors.text.secondary}>
      {dateTime((from + part * (to - from)) * 1000).utc().format('HH:mm:ss')}</text>)}
  </svg>;
}

function Body({ panel, data, width, height }) {
  const { options, fieldConfig } = panel;
  if (!data.length) return <div style={{ padding: 16, color: theme.colors.text.secondary }}>{fieldConfig.defaults.noValue ?? 'No data'}</div>;
  if (panel.type === 'timeseries') return <TimeSeries frames={data} structureRev={1} timeRange={timeRange} timeZone="utc" width={width} height={height} legend={options.legend} options={{}} />;
  if (panel.type === 'state-timeline') return <Timeline panel={panel} data={data} width={width} height={height} />;
  if (panel.type === 'table') return <Table data={data[0]} width={width} height={height} />;
  const field = data[0].fields.find(({ type }) => type === FieldType.number);
  const shown = field.display(field.values[field.values.length - 1]);
  return <BigValue theme={theme} width={width} height={height} value={shown} colorMode={options.colorMode} graphMode="none" justifyMode="center" />;
}

function Board({ board, data }) {
  const cell = WIDTH / 24;
  const rows = Math.max(...board.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  return <ThemeContext.Provider value={theme}><GlobalStyles />
    <div style={{ position: 'relative', width: WIDTH, height: rows * ROW + 60, background: theme.colors.background.canvas }}>
      <div style={{ position: 'absolute', left: 12, top: 14, fontSize: 20 }}>{board.title}</div>
      <div style={{ position: 'absolute', right: 12, top: 18, fontSize: 13, color: theme.colors.text.secondary }}>
        {board.description} Drawn with Grafana's panel components.</div>
      {board.panels.map((panel) => {
        const { x, y, w, h } = panel.gridPos;
        const place = { position: 'absolute', left: x * cell + 4, top: y * ROW + 52, width: w * cell - 8, height: h * ROW - 8 };
        if (panel.type === 'row') return <div key={panel.id} style={{ ...place, fontSize: 16, paddingTop: 4 }}>{panel.title}</div>;
        return <div key={panel.id} style={place}>
          <PanelChrome title={panel.title} width={place.width} height={place.height}>
            {(width, height) => <Body panel={panel} data={data[panel.id]} width={width} height={height} />}
          </PanelChrome></div>;
      })}
    </div></ThemeContext.Provider>;
}

async function main() {
  await initPluginTranslations('onlink', [async () => ({})]);
  const board = await (await fetch(`/dashboards/${asked.get('board')}.json`)).json();
  const data = {};
  for (const panel of board.panels) if (panel.type !== 'row') data[panel.id] = await frames(panel);
  createRoot(document.getElementById('root')).render(<Board board={board} data={data} />);
  setTimeout(() => { document.title = 'drawn'; }, 2500);
}
main().catch((e) => { document.body.innerText = String(e.stack); document.title = 'failed'; });
