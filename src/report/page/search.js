(function () {
  "use strict";
  var box = document.getElementById("search");
  var words = document.getElementById("search-words");
  var key = document.getElementById("search-key");
  var found = document.getElementById("search-found");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#searched tbody tr"));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var keys = rows.map(function (row) { return row.getAttribute("data-key"); });
  var waiting = false;
  function show() {
    waiting = false;
    var parts = words.value.toLowerCase().split(/\s+/);
    var count = 0;
    rows.forEach(function (row, at) {
      var fits = (key.value === "" || keys[at] === key.value) && parts.every(function (part) { return texts[at].indexOf(part) >= 0; });
      row.hidden = !fits;
      if (fits) { count += 1; }
    });
    found.textContent = count + " / " + rows.length;
  }
  function later() {
    if (!waiting) {
      waiting = true;
      window.requestAnimationFrame(show);
    }
  }
  words.addEventListener("input", later);
  key.addEventListener("change", later);
  box.hidden = false;
  show();
}());
