// A notice at the edge of the site that loads this, while something is wrong.
(function () {
  "use strict";
  var url = {{ url | tojson }};
  var words = {{ words | tojson }};
  var ranks = { none: "operational", maintenance: "under_maintenance", minor: "degraded_performance", major: "partial_outage", critical: "major_outage" };
  fetch(url + "/api/v2/summary.json").then(function (answer) { return answer.json(); }).then(function (summary) {
    var state = ranks[summary.status.indicator];
    if (!state || state === "operational") return;
    var link = document.createElement("a");
    link.href = url + "/";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = summary.page.name + ": " + (summary.incidents.length ? summary.incidents[0].name : words[state]);
    link.setAttribute("role", "status");
    var look = { position: "fixed", right: "16px", bottom: "16px", maxWidth: "min(360px, calc(100vw - 32px))", padding: "12px 16px", borderRadius: "10px", background: "#212529", color: "#fff", font: "15px/1.4 system-ui, sans-serif", textDecoration: "none", boxShadow: "0 4px 20px rgba(0,0,0,.25)", zIndex: "2147483000", borderLeft: "5px solid " + (state === "under_maintenance" ? "#9775fa" : "#ff922b") };
    for (var name in look) link.style[name] = look[name];
    document.body.appendChild(link);
  }).catch(function () {});
})();
