// data_visualization as SVG, with the same figures as a table for those who do not see it.

import { h, svg } from "./dom.js";

const WIDTH = 420;
const HEIGHT = 190;
const EDGE = { left: 34, right: 8, top: 8, bottom: 26 };

function segmentPath(from, to) {
  const point = (share) => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${90 + 80 * Math.cos(angle)} ${95 + 80 * Math.sin(angle)}`;
  };
  return `M90 95 L${point(from)} A80 80 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(to)} Z`;
}

function pie(chart) {
  const total = chart.segments.reduce((sum, it) => sum + it.value, 0);
  let before = 0;
  const shapes = chart.segments.map((it, i) => {
    const from = before / total;
    before += it.value;
    const color = `series-${i % 12}`;
    return it.value === total ? svg("circle", { cx: 90, cy: 95, r: 80, class: color }) : svg("path", { d: segmentPath(from, before / total), class: color });
  });
  return svg("svg", { viewBox: "0 0 180 190", class: "chart pie", "aria-hidden": "true" }, shapes);
}

function scale(chart) {
  const values = chart.series.flatMap((it) => it.data.map((point) => point.value));
  const top = Math.max(...values, 0);
  const bottom = Math.min(...values, 0);
  const span = top - bottom || 1;
  return { top, bottom, y: (value) => EDGE.top + (HEIGHT - EDGE.top - EDGE.bottom) * (1 - (value - bottom) / span) };
}

function axes(chart, step, { top, bottom, y }) {
  const categories = chart.axis_config?.categories ?? chart.series[0].data.map((it) => it.label);
  const labels = categories.map((name, i) => svg("text", { x: EDGE.left + step * (i + 0.5), y: HEIGHT - 8, class: "tick" }, name));
  const marks = [top, bottom].map((value) => svg("text", { x: EDGE.left - 4, y: y(value) + 4, class: "tick end" }, String(value)));
  return [svg("line", { x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(0), y2: y(0), class: "axis" }), ...labels, ...marks];
}

function bars(chart, step, { y }) {
  const wide = (step * 0.8) / chart.series.length;
  return chart.series.flatMap((series, s) =>
    series.data.map((point, i) => {
      const [upper, lower] = [Math.min(y(point.value), y(0)), Math.max(y(point.value), y(0))];
      const x = EDGE.left + step * (i + 0.1) + wide * s;
      return svg("rect", { x, y: upper, width: wide, height: Math.max(lower - upper, 1), class: `series-${s % 12}` });
    }),
  );
}

function curves(chart, step, { y }, area) {
  return chart.series.flatMap((series, s) => {
    const points = series.data.map((point, i) => `${EDGE.left + step * (i + 0.5)},${y(point.value)}`);
    const line = svg("polyline", { points: points.join(" "), class: `stroke-${s % 12}` });
    if (!area) return [line];
    const [first, last] = [points[0], points[points.length - 1]].map((it) => it.split(",")[0]);
    return [svg("polygon", { points: `${first},${y(0)} ${points.join(" ")} ${last},${y(0)}`, class: `series-${s % 12} faint` }), line];
  });
}

function plot(chart) {
  const step = (WIDTH - EDGE.left - EDGE.right) / chart.series[0].data.length;
  const scaled = scale(chart);
  const shapes = chart.type === "bar" ? bars(chart, step, scaled) : curves(chart, step, scaled, chart.type === "area");
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", "aria-hidden": "true" }, axes(chart, step, scaled), shapes);
}

function legend(chart) {
  const items = chart.type === "pie" ? chart.segments.map((it) => `${it.label}: ${it.value}`) : chart.series.map((it) => it.name);
  return h("ul", { class: "legend" }, items.map((text, i) => h("li", {}, svg("svg", { viewBox: "0 0 10 10", class: "swatch", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, class: `series-${i % 12}` })), text)));
}

function figures(chart) {
  if (chart.type === "pie") return [["", ""], ...chart.segments.map((it) => [it.label, it.value])];
  const head = ["", ...chart.series.map((it) => it.name)];
  return [head, ...chart.series[0].data.map((point, i) => [point.label, ...chart.series.map((it) => it.data[i]?.value ?? "")])];
}

/** A data_visualization block. */
export function chart(block) {
  const rows = figures(block.chart).map((row) => h("tr", {}, row.map((cell) => h("td", {}, String(cell)))));
  return h("figure", { class: "visualization" },
    h("figcaption", {}, block.title),
    block.chart.type === "pie" ? pie(block.chart) : plot(block.chart),
    legend(block.chart),
    h("table", { class: "sr-only" }, h("caption", {}, block.title), h("tbody", {}, rows)));
}
