// Measures the same page in each frame around it, one for each width, and puts what it found into the document once all have loaded.
function channel(value) { const part = value / 255; return part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4); }
function light(colour) { const [r, g, b] = colour; return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); }
function parts(text) { return (text.match(/[\d.]+/g) || []).map(Number); }
function ground(view, element) {
  for (let one = element; one; one = one.parentElement) {
    const colour = parts(view.getComputedStyle(one).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) { return colour; }
  }
  return [255, 255, 255];
}
function measure(frame) {
  const view = frame.contentWindow, page = frame.contentDocument, found = [];
  const say = (what, element) => found.push(what + ": " + (element.textContent || element.tagName).trim().slice(0, 80));
  if (page.documentElement.scrollWidth > view.innerWidth) { say("wider than the screen", page.documentElement); }
  accessible(view, page, found);
  const some = (all) => Array.prototype.slice.call(all, 0, 4000);
  for (const one of some(page.querySelectorAll("p,li,th,td,caption,h1,h2,h3,h4,pre,figcaption,a,ins,del,label"))) {
    // On a phone the names of the columns are in front of each cell; the row of them is for screen readers.
    const names = one.closest("thead");
    if (names && view.getComputedStyle(names).position === "absolute") { continue; }
    const box = one.getBoundingClientRect();
    if (box.width > 0 && box.right > view.innerWidth + 1) { say("reaches over the edge", one); }
    if (one.scrollWidth > one.clientWidth + 1 && view.getComputedStyle(one).display !== "inline") { say("cut off", one); }
    const style = view.getComputedStyle(one), over = light(parts(style.color)), under = light(ground(view, one));
    const contrast = (Math.max(over, under) + 0.05) / (Math.min(over, under) + 0.05);
    if (contrast < 4.5) { say("color-contrast " + contrast.toFixed(1), one); }
  }
  for (const link of page.querySelectorAll("a[href^='#']")) {
    if (!page.getElementById(link.getAttribute("href").slice(1))) { say("a link to nothing", link); }
  }
  return { found: found.slice(0, 20), all: found, rows: page.querySelectorAll("#searched tbody tr").length };
}
window.addEventListener("load", () => {
  const results = Array.prototype.map.call(document.querySelectorAll("iframe"), measure);
  document.body.textContent = "";
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(results);
  document.body.appendChild(result);
});
