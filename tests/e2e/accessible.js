// What axe-core would find in a page, for the rules that its elements can break; a rule is called as axe calls it. `measure.js` has colour-contrast, and
// what concerns only the size of the screen. Not here, because a page of ours holds none of it: images, frames, media, buttons, menus, dialogs, lists of
// definitions, `aria-hidden`, `tabindex`, `accesskey`, `autoplay`; the first line of `accessible` finds them.
const RULES = [
  "aria-allowed-role", "aria-required-children", "aria-required-parent", "aria-roles", "aria-valid-attr", "autocomplete-valid", "avoid-inline-spacing", "bypass", "document-title",
  "duplicate-id", "empty-heading", "empty-table-header", "heading-order", "html-has-lang", "html-lang-valid", "label", "landmark-main-is-top-level",
  "landmark-no-duplicate-main", "landmark-one-main", "landmark-unique", "link-in-text-block", "link-name", "list", "listitem", "meta-refresh", "meta-viewport",
  "page-has-heading-one", "region", "scope-attr-valid", "scrollable-region-focusable", "select-name", "table-duplicate-name", "target-size",
  "td-has-header", "th-has-data-cells", "valid-lang",
];
function accessible(view, page, found) {
  const all = (selector) => Array.prototype.slice.call(page.querySelectorAll(selector));
  const text = (element) => (element.textContent || "").trim();
  const say = (rule, element) => {
    if (!RULES.includes(rule)) { throw new Error("no rule " + rule); }
    found.push(rule + ": " + element.tagName.toLowerCase() + " " + text(element).slice(0, 60));
  };
  all("img,svg,canvas,iframe,object,embed,video,audio,button,dialog,details,dl,menu,marquee,blink,[aria-hidden],[tabindex],[accesskey],[onclick]").forEach((one) =>
    found.push("no rule is here for " + one.tagName));
  // The document.
  const root = page.documentElement;
  if (!root.lang) { say("html-has-lang", root); }
  if (!/^(en|ja)$/.test(root.lang)) { say("html-lang-valid", root); }
  all("body [lang]").forEach((one) => { if (!/^(en|ja)$/.test(one.lang)) { say("valid-lang", one); } });
  if (page.title.trim() === "") { say("document-title", root); }
  const viewport = page.querySelector("meta[name=viewport]");
  if (!viewport || /user-scalable\s*=\s*no|maximum-scale\s*=\s*[0-4](\.|,|$)/.test(viewport.content)) { say("meta-viewport", root); }
  if (page.querySelector("meta[http-equiv=refresh]")) { say("meta-refresh", root); }
  const ids = new Set();
  all("[id]").forEach((one) => { if (ids.has(one.id)) { say("duplicate-id", one); } ids.add(one.id); });
  all("[style]").forEach((one) => say("avoid-inline-spacing", one));
  // Landmarks.
  const mains = all("main,[role=main]");
  if (mains.length === 0) { say("landmark-one-main", page.body); say("bypass", page.body); }
  if (mains.length > 1) { say("landmark-no-duplicate-main", page.body); }
  mains.forEach((main) => { if (main.parentElement !== page.body) { say("landmark-main-is-top-level", main); } });
  Array.prototype.forEach.call(page.body.childNodes, (node) => {
    const isText = node.nodeType === 3 && node.data.trim() !== "";
    const isOutside = node.nodeType === 1 && !node.matches("main,script");
    if (isText || isOutside) { say("region", page.body); }
  });
  const landmarks = new Set();
  all("nav,aside,main,section[aria-label],form[aria-label],[role=search],[role=region],[role=navigation]").forEach((one) => {
    const name = (one.getAttribute("role") || one.tagName.toLowerCase()) + "/" + (one.getAttribute("aria-label") || "");
    if (landmarks.has(name)) { say("landmark-unique", one); }
    landmarks.add(name);
  });
  // Headings.
  const headings = all("h1,h2,h3,h4,h5,h6");
  if (all("h1").length !== 1) { say("page-has-heading-one", page.body); }
  headings.reduce((level, heading) => {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) { say("heading-order", heading); }
    if (text(heading) === "") { say("empty-heading", heading); }
    return next;
  }, 0);
  // Lists and links.
  all("ul,ol").forEach((list) => { if (Array.prototype.some.call(list.children, (one) => one.tagName !== "LI")) { say("list", list); } });
  all("li").forEach((item) => { if (!item.parentElement.matches("ul,ol")) { say("listitem", item); } });
  all("a").forEach((link) => {
    if (!link.getAttribute("href") || text(link) === "") { say("link-name", link); }
    const style = view.getComputedStyle(link);
    if (!style.textDecorationLine.includes("underline") && view.matchMedia("screen").matches) { say("link-in-text-block", link); }
  });
  // What is filled in.
  all("input,select,textarea").forEach((field) => {
    const label = field.id && all("label").find((one) => one.htmlFor === field.id);
    if (!label || text(label) === "") { say(field.tagName === "SELECT" ? "select-name" : "label", field); }
    if (field.autocomplete && !["on", "off"].includes(field.autocomplete)) { say("autocomplete-valid", field); }
    const box = field.getBoundingClientRect();
    if (box.width > 0 && (box.width < 24 || box.height < 24)) { say("target-size", field); }
  });
  // Tables: their roles are written out, since a phone shows them as blocks.
  const roles = { table: ["TABLE"], rowgroup: ["THEAD", "TBODY"], row: ["TR"], columnheader: ["TH"], rowheader: ["TH"], cell: ["TD"], search: ["DIV"], note: ["DIV"] };
  const parents = { rowgroup: "table", row: "rowgroup", columnheader: "row", rowheader: "row", cell: "row" };
  const some = (list) => list.slice(0, 4000);
  some(all("[role]")).forEach((one) => {
    const role = one.getAttribute("role");
    if (!roles[role]) { say("aria-roles", one); return; }
    if (!roles[role].includes(one.tagName)) { say("aria-allowed-role", one); }
    if (parents[role] && one.parentElement.getAttribute("role") !== parents[role]) { say("aria-required-parent", one); }
    if (["table", "rowgroup", "row"].includes(role) && !one.querySelector("[role]")) { say("aria-required-children", one); }
  });
  const known = ["aria-label", "aria-live"];
  some(all("*")).forEach((one) => Array.prototype.forEach.call(one.attributes, (attribute) => {
    if (attribute.name.startsWith("aria-") && (!known.includes(attribute.name) || attribute.value === "")) { say("aria-valid-attr", one); }
  }));
  all("table").forEach((table) => {
    const name = table.caption ? text(table.caption) : "";
    if (name === "" || table.getAttribute("summary") === name) { say("table-duplicate-name", table); }
    const rows = Array.prototype.slice.call(table.tBodies).flatMap((body) => Array.prototype.slice.call(body.rows));
    if (rows.length === 0) { say("th-has-data-cells", table); }
    const columns = table.tHead ? table.tHead.rows[0].cells.length : 0;
    some(rows).forEach((row) => {
      if (columns > 0 && row.cells.length !== columns) { say("td-has-header", row); }
      if (row.cells.length < 2) { say("th-has-data-cells", row); }
      if (row.cells[0].tagName !== "TH") { say("td-has-header", row); }
    });
  });
  some(all("th")).forEach((head) => {
    if (!["col", "row"].includes(head.getAttribute("scope"))) { say("scope-attr-valid", head); }
    if (text(head) === "") { say("empty-table-header", head); }
  });
  some(all("td[scope],td[headers]")).forEach((cell) => say("scope-attr-valid", cell));
  // What scrolls by itself could not be reached by the keyboard.
  some(all("pre,figure,table,div,section,main")).forEach((one) => {
    const style = view.getComputedStyle(one);
    const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
    if (scrolls && (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)) { say("scrollable-region-focusable", one); }
  });
}
