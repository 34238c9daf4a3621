// The playground: a manifest and a pipeline, the cluster beside them, and what each stage made of each resource.
// It shows what docs/playground/playground.py says; nothing is computed here.

const home = document.getElementById("pg");
const shape = `
  <p class="pg-bar">
    <label>Example <select id="pg-example"></select></label>
    <button id="pg-run" class="pg-main" title="Ctrl+Enter">Run</button>
    <button id="pg-stop" disabled>Stop</button>
    <button id="pg-share">Share</button>
    <label><input type="checkbox" id="pg-keep"> keep the cluster</label>
    <output id="pg-status" aria-live="polite">Nothing has run yet.</output>
  </p>
  <p id="pg-error" role="alert" hidden></p>
  <div class="pg-panes">
    <section><h2><label for="pg-manifest">Manifest</label></h2>
      <textarea id="pg-manifest" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea></section>
    <section><h2><label for="pg-program">Pipeline</label></h2>
      <textarea id="pg-program" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea></section>
    <section><h2>Cluster</h2>
      <div id="pg-cluster" class="pg-pane" tabindex="0" role="region" aria-label="Cluster">
        <p class="pg-note">An embedded cluster, empty until a pipeline has run.</p></div></section>
  </div>
  <section id="pg-after" hidden>
    <h2>Report: <span id="pg-report"></span></h2>
    <ul id="pg-outcomes"></ul>
    <pre id="pg-printed" aria-label="Printed"></pre>
    <h2>What each stage made of each resource</h2>
    <iframe id="pg-trace" title="Trace" sandbox="allow-scripts"></iframe>
    <div class="pg-panes">
      <section><h2>The pipeline, from its stages</h2><img id="pg-picture"></section>
      <section><h2>Requests</h2><div id="pg-requests"></div></section>
    </div>
  </section>`;

const part = name => document.getElementById(`pg-${name}`);
const say = text => { part("status").textContent = text; };

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.append(...children);
  return made;
}

// The worker: made when it is first needed, ended by Stop.

let worker = null;
let running = false;

function setRunning(now) {
  running = now;
  part("run").disabled = now;
  part("stop").disabled = !now;
  home.setAttribute("aria-busy", now);
}

function startWorker() {
  if (worker) return;
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.progress) say(data.progress);
    if (data.ready && !running) say("Python is ready.");
    if (data.shown) { setRunning(false); show(data.shown); }
    if (data.failed) { setRunning(false); endWorker(); showError(data.failed); say("It did not run."); }
  };
  worker.onerror = event => { setRunning(false); endWorker(); showError(event.message || "The worker could not begin."); };
}

function endWorker() {
  worker?.terminate();
  worker = null;
}

function run() {
  if (running) return;
  startWorker();
  setRunning(true);
  worker.postMessage({ run: [part("manifest").value, part("program").value], keep: part("keep").checked });
}

function stop() {
  endWorker();
  setRunning(false);
  say("Stopped. The next run begins anew, with an empty cluster.");
}

// What is shown.

let last = null;

function showError(text, line = 0) {
  part("error").hidden = !text;
  part("error").textContent = text;
  if (!line) return;
  const program = part("program");
  const lines = program.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  program.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
}

function show(shown) {
  showError(shown.error ?? "", shown.line);
  say(shown.error ? "It did not run." : `Ran: ${shown.report}.`);
  showCluster(shown);
  const ran = shown.report !== undefined;
  part("after").hidden = !(ran || shown.printed);
  part("after").classList.toggle("pg-only-printed", !ran);
  part("printed").textContent = shown.printed;
  part("printed").hidden = !shown.printed;
  if (!ran) return;
  part("report").textContent = shown.report;
  part("report").className = shown.ok ? "pg-ok" : "pg-failed";
  part("outcomes").replaceChildren(...shown.outcomes.map(line => element("li", line)));
  draw(shown);
  part("requests").replaceChildren(...shown.requests.map(showRequest));
}

function draw({ trace, picture, explain }) {
  last = { trace, picture, explain };
  part("trace").srcdoc = inScheme(trace);
  part("picture").src = `data:image/svg+xml,${encodeURIComponent(inScheme(picture))}`;
  part("picture").alt = explain;
}

function showCluster({ cluster, objects }) {
  const spaces = Map.groupBy ? Map.groupBy(objects, one => one.namespace) : group(objects);
  const tree = [...spaces].map(([namespace, found]) => element("li", namespace || "(no namespace)", showObjects(found)));
  const list = document.createElement("ul");
  list.className = "pg-tree";
  list.append(...tree);
  const table = element("pre", cluster || "No objects.");
  part("cluster").replaceChildren(table, list);
}

function group(objects) {
  const spaces = new Map();
  for (const one of objects) spaces.set(one.namespace, [...(spaces.get(one.namespace) ?? []), one]);
  return spaces;
}

function showObjects(objects) {
  const list = document.createElement("ul");
  list.append(...objects.map(one => element("li", "", details(one.name, one.body))));
  return list;
}

function showRequest({ line, body, status }) {
  return details(status ? `${line} → ${status}` : line, body || "No body.");
}

function details(title, text) {
  return element("details", "", element("summary", title), element("pre", text));
}

// A link to two texts: base64 of their JSON in UTF-8.

function pack(texts) {
  const bytes = new TextEncoder().encode(JSON.stringify(texts));
  const letters = Array.from(bytes, byte => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function unpack(fragment) {
  const letters = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
  const texts = JSON.parse(new TextDecoder().decode(Uint8Array.from(letters, letter => letter.charCodeAt(0))));
  if (texts.length !== 2 || texts.some(text => typeof text !== "string")) throw new Error("no two texts");
  return texts;
}

async function share() {
  history.replaceState(null, "", `#${pack([part("manifest").value, part("program").value])}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The address of this page, which now has both texts, is on the clipboard.");
  } catch {
    say("The address of this page now has both texts.");
  }
}

function setTexts(manifest, program) {
  part("manifest").value = manifest;
  part("program").value = program;
}

function readFragment() {
  if (location.hash.length < 2) return false;
  try {
    setTexts(...unpack(location.hash.slice(1)));
    // What a link brings is shown, and runs when its reader says so.
    say("These texts are from the link: read them, then run them.");
    return true;
  } catch {
    say("The link's texts can't be read: here is the first example.");
    return false;
  }
}

// Tab indents; after Escape it leaves the field, for those who have no mouse.

function indent(event, width) {
  const field = event.target;
  if (event.key === "Escape") field.dataset.leave = "yes";
  else if (event.key !== "Tab" && event.key !== "Shift") delete field.dataset.leave;
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || field.dataset.leave) return;
  event.preventDefault();
  const { selectionStart: start, selectionEnd: end, value } = field;
  const first = value.lastIndexOf("\n", start - 1) + 1;
  if (!event.shiftKey && start === end) return void field.setRangeText(" ".repeat(width), start, end, "end");
  const lines = value.slice(first, end).split("\n");
  const moved = lines.map(line => event.shiftKey ? line.replace(new RegExp(`^ {1,${width}}`), "") : " ".repeat(width) + line);
  field.setRangeText(moved.join("\n"), first, end, "select");
}

// Light or dark as the site is: frames and pictures would ask the system, the site has a switch of its own.

function inScheme(text) {
  const scheme = document.body.getAttribute("data-md-color-scheme");
  if (!scheme) return text;
  return text.replaceAll(/\(prefers-color-scheme: ?dark\)/g, scheme === "slate" ? "(min-width: 0)" : "(max-width: 0)");
}

function followScheme() {
  const set = () => {
    const scheme = document.body.getAttribute("data-md-color-scheme");
    home.style.colorScheme = scheme === "slate" ? "dark" : scheme ? "light" : "light dark";
    if (last) draw(last);
  };
  new MutationObserver(set).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  set();
}

async function open() {
  home.innerHTML = shape;
  followScheme();
  const examples = await (await fetch(new URL("examples.json", import.meta.url))).json();
  part("example").append(...examples.map(({ title }) => element("option", title)));
  const choose = () => {
    const { manifest, program } = examples[part("example").selectedIndex];
    setTexts(manifest, program);
  };
  part("example").onchange = choose;
  part("run").onclick = run;
  part("stop").onclick = stop;
  part("share").onclick = share;
  part("manifest").onkeydown = event => indent(event, 2);
  part("program").onkeydown = event => indent(event, 4);
  // Python takes a moment to load: it begins when somebody begins to edit.
  for (const name of ["manifest", "program"]) part(name).addEventListener("focus", startWorker, { once: true });
  home.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
  });
  if (!readFragment()) choose();
  addEventListener("hashchange", readFragment);
  home.dataset.open = "yes";
}

open();
