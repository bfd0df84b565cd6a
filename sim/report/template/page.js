"use strict";
(function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const options = { displayModeBar: false, responsive: true, doubleClick: false };
  const charts = new Map();

  function chart(figure, panel) {
    return document.getElementById("chart-" + figure.name + "-" + panel);
  }

  function draw(figure) {
    figure.panels.forEach(function (panel, k) {
      const place = chart(figure, k);
      const layout = Object.assign({}, panel.layout); // the library changes what it is given
      charts.set(place, { height: layout.height, drawn: Plotly.newPlot(place, panel.data, layout, options) });
    });
  }

  function show(figure, view) {
    figure.panels.forEach(function (panel, k) {
      if (panel.data.length) Plotly.restyle(chart(figure, k), { visible: figure.shown[view][k] });
    });
    document.querySelectorAll("[data-view-of='" + figure.name + "']").forEach(function (button, k) {
      button.setAttribute("aria-pressed", String(k === view));
    });
  }

  function save(name, content, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: type }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  // One panel as SVG text, with its title above; also asked for by the program that writes the figures as files.
  function vector(figure, k) {
    const place = chart(figure, k), panel = figure.panels[k];
    const title = [figure.title, panel.title].filter(Boolean).join(". ");
    const layout = Object.assign({}, place.layout, {
      title: { text: title, x: 0.01, xanchor: "left", font: { size: 15 } },
      margin: Object.assign({}, place.layout.margin, { t: (place.layout.margin.t || 0) + 40 })
    });
    const size = { format: "svg", width: Math.max(place.clientWidth, 480), height: panel.layout.height + 40 };
    return Plotly.toImage({ data: place.data, layout: layout, config: { staticPlot: true } }, size).then(function (url) {
      return decodeURIComponent(url.slice(url.indexOf(",") + 1));
    });
  }

  function cells(line) {
    const found = line.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) || [];
    return found.map(function (cell) {
      const text = cell.replace(/^,/, "");
      return text[0] === '"' ? text.slice(1, -1).replace(/""/g, '"') : text;
    });
  }

  function table(figure, place) {
    if (place.childElementCount) return;
    const whole = document.createElement("table");
    figure.csv.trimEnd().split("\n").slice(0, 2001).forEach(function (line, k) {
      const row = whole.insertRow();
      cells(line).forEach(function (cell) {
        const box = document.createElement(k ? "td" : "th");
        box.textContent = cell;
        row.appendChild(box);
      });
    });
    place.appendChild(whole);
  }

  function tools(figure) {
    const place = document.getElementById("figure-" + figure.name);
    place.querySelectorAll("[data-view-of]").forEach(function (button, k) {
      button.addEventListener("click", function () { show(figure, k); });
    });
    place.querySelector("[data-save='csv']").addEventListener("click", function () {
      save(figure.name + ".csv", figure.csv, "text/csv");
    });
    const vectors = place.querySelector("[data-save='svg']");
    if (vectors) vectors.addEventListener("click", function () {
      const drawing = place.querySelector(".flow svg");
      if (drawing) save(figure.name + ".svg", new XMLSerializer().serializeToString(drawing), "image/svg+xml");
      figure.panels.forEach(function (panel, k) {
        vector(figure, k).then(function (text) {
          save(figure.name + (figure.panels.length > 1 ? "-" + (k + 1) : "") + ".svg", text, "image/svg+xml");
        });
      });
    });
    const data = place.querySelector("details.data");
    data.addEventListener("toggle", function () { if (data.open) table(figure, data.querySelector("div")); });
  }

  function resize(width) {
    charts.forEach(function (one, place) {
      const wide = width && (place.closest(".panels.across-1") ? width : width / 2 - 12);
      Plotly.relayout(place, wide ? { width: wide, height: one.height, autosize: false } : { width: null, height: one.height, autosize: true });
    });
  }

  figures.forEach(function (figure) { draw(figure); tools(figure); });
  window.addEventListener("beforeprint", function () { resize(640); });
  window.addEventListener("afterprint", function () { resize(0); });
  window.report = { figures: figures, vector: vector };
  Promise.all(Array.from(charts.values(), function (one) { return one.drawn; })).then(function () { document.documentElement.dataset.drawn = String(charts.size); });
})();
