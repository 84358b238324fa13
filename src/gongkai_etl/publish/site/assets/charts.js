// Draws every chart whose data stands in the page. The tables below the charts say the same in text.
(function () {
  "use strict";
  if (!window.Chart) { return; }
  Chart.defaults.animation = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
  Chart.defaults.color = "#1b1f24";
  document.querySelectorAll("script[data-chart]").forEach(function (source) {
    var data = JSON.parse(source.textContent);
    var canvas = document.getElementById(source.dataset.chart);
    var values = { stacked: data.stacked, beginAtZero: true, ticks: { precision: 0 } };
    var names = { stacked: data.stacked, grid: { display: false }, ticks: { autoSkip: false } };
    new Chart(canvas, {
      type: "bar",
      data: { labels: data.labels, datasets: data.datasets },
      options: {
        indexAxis: data.horizontal ? "y" : "x",
        maintainAspectRatio: false,
        scales: data.horizontal ? { x: values, y: names } : { x: names, y: values },
        plugins: { legend: { display: data.datasets.length > 1, position: "bottom", labels: { boxWidth: 14 } } }
      }
    });
  });
  window.addEventListener("beforeprint", function () {
    Object.values(Chart.instances).forEach(function (chart) { chart.resize(640, chart.canvas.parentNode.clientHeight); });
  });
  window.addEventListener("afterprint", function () {
    Object.values(Chart.instances).forEach(function (chart) { chart.resize(); });
  });
})();
