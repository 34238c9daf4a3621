// The page of a trace. All that it shows is in the element `trace-data`; it is written as text, never as markup.
"use strict";
(() => {
  const find = id => document.getElementById(id);
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter(child => child !== null));
    return element;
  };

  // A number that JavaScript would round keeps its digits.
  const exact = (_, value, context) =>
    typeof value === "number" && JSON.rawJSON && context.source !== String(value) ? JSON.rawJSON(context.source) : value;
  const source = find("trace-data").textContent;
  const data = JSON.parse(source, /\d{16}/.test(source) ? exact : undefined);
  const objectOf = index => index === null ? null : data.objects[index];

  // Columns: what was read, each stage, and the verb. A cell is what became of one resource in one column.
  const columns = [
    { name: "read", kind: "source", note: "the document, as it was read" },
    ...data.stages,
    { name: data.verb, kind: "verb", note: "a pure function to an exchange, which the edge runs" },
  ];
  const verbCell = way => {
    const { outcome } = way;
    if (way.steps.some(step => ["dropped", "failed"].includes(step.became))) return null;
    if (outcome) return outcome.error ? { became: "failed", word: "failed" } : { became: "done", word: outcome.action };
    return way.requests.length ? { became: "planned", word: "planned" } : null;
  };
  const cellsOf = way => {
    const cells = columns.map(() => null);
    let object = null;
    for (const step of way.steps) {
      // What passed is what it was.
      object = step.became === "passed" ? step.object ?? object : step.object;
      cells[step.stage + 1] = { became: step.became, word: step.became, step, object };
    }
    cells[columns.length - 1] = verbCell(way);
    return cells;
  };
  const ways = data.ways.map(way => ({ ...way, cells: cellsOf(way) }));
  const became = (way, what) => way.cells.some(cell => cell && cell.became === what);
  const originOf = ({ source, document, line }) =>
    [source || "no file", document ? `document ${document}` : "", line ? `line ${line}` : ""].filter(Boolean).join(", ");
  const lastCell = way => way.cells.findLastIndex(Boolean);

  // The grid.
  const grid = find("grid"), body = find("body");
  const breakable = text => text.split(/(?<=[/._(,])/).flatMap(part => [part, make("wbr", {})]);
  const drawName = text => {
    const at = text.indexOf("/") + 1;
    return make("b", {}, make("span", {}, ...breakable(text.slice(0, at))), ...breakable(text.slice(at)));
  };
  const drawCell = (way, cell, column) => make("div", {
    role: "gridcell", tabindex: "-1", "aria-colindex": column + 2, "aria-selected": "false",
    class: cell ? `cell way ${cell.became}${column === lastCell(way) ? " end" : ""}` : "cell none",
    ...(cell ? {} : { "aria-label": "not reached" }),
  }, cell ? cell.word : "");
  const drawRow = (way, index) => make("div", { role: "row", class: "row", "data-way": index, "aria-rowindex": index + 2 },
    make("div", { role: "rowheader", "aria-colindex": 1, title: originOf(way.origin) },
      drawName(way.resource || "not readable"),
      make("small", {}, [way.origin.source.split("/").at(-1), way.list && `from a ${way.list}`].filter(Boolean).join(" · "))),
    ...way.cells.map((cell, column) => drawCell(way, cell, column)));
  const heads = columns.map(({ name, kind, note }, column) =>
    make("div", { role: "columnheader", "aria-colindex": column + 2, title: `${name}\n${note}` },
      make("span", {}, ...breakable(name)), make("small", {}, kind)));
  const rows = ways.map(drawRow);
  const cellAt = (way, column) => rows[way].children[column + 1];

  // The equation, with a part for each column. The stages stand in it from the last to the first.
  const equation = find("equation"), parts = columns.map(({ name }) => make("span", { class: "part" }, name));
  const drawEquation = () => {
    const stages = data.stages.map(stage => stage.name).reverse().join(" ∘ "), text = data.equation;
    const at = text.lastIndexOf(`(${stages})(v)`) + 1, end = at + stages.length, verb = text.lastIndexOf(data.verb);
    if (!at || verb < end) return equation.append(text);
    const between = data.stages.flatMap((_, index) => index ? [" ∘ ", parts[index + 1]] : [parts[1]]).reverse();
    parts[0].textContent = "v";
    equation.append(text.slice(0, at), ...between, ")(", parts[0], text.slice(end + 3, verb), parts.at(-1), text.slice(verb + data.verb.length));
  };

  // An object as YAML: lines, each with the path of what stands on it.
  const isScalar = value =>
    value === null || typeof value !== "object" || (JSON.isRawJSON?.(value) ?? false) || !Object.keys(value).length;
  const PLAIN = /^[a-z_/](?:[\w./@-]|:(?=[\w/])| (?=\w))*$/i, WORD = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
  const scalar = value =>
    typeof value === "string" && PLAIN.test(value) && !WORD.test(value) ? value : JSON.stringify(value);
  const BLOCK = /^[\x21-\x7e][\x20-\x7e\n]*\n[\x20-\x7e\n]*[\x21-\x7e]\n?$/;
  const blockLines = (head, text, pad, path) => [
    [`${pad}${head} ${text.endsWith("\n") ? "|" : "|-"}`, path],
    ...text.replace(/\n$/, "").split("\n").map(line => [line && `${pad}  ${line}`, path])];
  const pathTo = (path, key, inList) => inList ? `${path}[${key}]`
    : /^[\w-]+$/.test(key) ? `${path}${path && "."}${key}` : `${path}['${key.replace(/[\\']/g, "\\$&")}']`;
  const fieldLines = (head, value, pad, path, inList) => {
    if (typeof value === "string" && BLOCK.test(value)) return blockLines(head, value, pad, path);
    if (isScalar(value)) return [[`${pad}${head} ${scalar(value)}`, path]];
    const inner = yamlLines(value, `${pad}  `, path);
    // The first field of a list's item stands behind the dash.
    if (inList) return [[`${pad}- ${inner[0][0].slice(pad.length + 2)}`, inner[0][1]], ...inner.slice(1)];
    return [[pad + head, path], ...inner];
  };
  const yamlLines = (value, pad, path) => {
    if (isScalar(value)) return [[pad + scalar(value), path]];
    const inList = Array.isArray(value);
    return Object.entries(value).flatMap(([key, one]) =>
      fieldLines(inList ? "-" : `${scalar(key)}:`, one, pad, pathTo(path, key, inList), inList));
  };

  // The details of a cell.
  const MOST = 600;
  const lineOf = changed => ([text, path]) =>
    make("span", changed.some(one => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`))
      ? { class: "mark" } : {}, `${text}\n`);
  const drawObject = (object, changed = []) => {
    const lines = yamlLines(object, "", ""), pre = make("pre", {}, ...lines.slice(0, MOST).map(lineOf(changed)));
    if (lines.length <= MOST) return pre;
    const more = make("button", { type: "button" }, `show the other ${lines.length - MOST} lines`);
    more.addEventListener("click", () => { pre.append(...lines.slice(MOST).map(lineOf(changed))); more.remove(); });
    return make("div", {}, pre, more);
  };
  const drawFacts = facts => make("dl", {}, ...facts.filter(([, value]) => value !== "" && value !== undefined)
    .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  const drawChange = ({ path, before, after }) => make("li", {}, make("div", { class: "path" }, path),
    before === null ? null : make("span", { class: "before" }, isScalar(before) ? JSON.stringify(before) : yamlText(before)),
    after === null ? null : make("span", { class: "after" }, isScalar(after) ? JSON.stringify(after) : yamlText(after)));
  const yamlText = value => yamlLines(value, "", "").map(([text]) => text).join("\n");
  const titled = (title, ...children) => make("section", { tabindex: "0" }, make("h3", {}, title), ...children);
  const drawAbout = (way, column) => {
    const cell = way.cells[column], { name, note, kind } = columns[column], last = way.cells[lastCell(way)];
    const why = cell?.step ? cell.step.why : cell && way.outcome?.error, outcome = column === lastCell(way) ? way.outcome : null;
    return make("section", {}, make("h2", {}, way.resource || "not readable"),
      make("p", { class: `key ${cell ? `way ${cell.became}` : ""}` }, cell ? cell.word : `not reached: it was ${last?.word ?? "not read"} before`),
      why ? make("p", { class: `why ${cell.became}` }, why) : null,
      make("p", { class: "stage" }, make("code", {}, name), ` (${kind}): ${note}`),
      drawFacts([["read from", originOf(way.origin)], ["opened from", way.list], ["namespace", way.namespace],
        ["mapping", way.mapping], ["report", outcome ? outcome.action || "failed" : ""], ["warnings", outcome?.warnings.join("\n") ?? ""]]));
  };
  const objectTitles = { read: "The object as it was read", passed: "The object, unchanged", dropped: "The object dropped" };
  const drawStep = ({ became, step, object }) => [
    step.changes.length ? titled("What it changed", make("ul", {}, ...step.changes.map(drawChange))) : null,
    object === null ? null
      : titled(objectTitles[became] ?? "The object after it", drawObject(objectOf(object), step.changes.map(one => one.path)))];
  const query = pairs => Object.entries(pairs).map(pair => pair.join("=")).join("&");
  const drawMessage = (title, body) => [make("p", { class: "request" }, title), body === null ? null : drawObject(objectOf(body))];
  const drawTalk = ({ requests, answers }) => {
    if (!requests.length) return [titled("It asks nothing")];
    const silence = data.ran ? "No answer came" : "Nothing was sent: this is a plan";
    return [
      titled("What it asks", ...requests.flatMap(one =>
        drawMessage(`${one.method} ${one.path}${Object.keys(one.query).length ? `?${query(one.query)}` : ""}`, one.body))),
      titled(answers.length ? "What is answered" : silence, ...answers.flatMap(one => drawMessage(`${one.status}`, one.body)))];
  };
  const details = find("details");
  const drawDetails = () => {
    const way = ways[at.way], cell = way.cells[at.column];
    const rest = !cell ? [] : cell.step ? drawStep(cell) : drawTalk(way);
    details.replaceChildren(drawAbout(way, at.column), ...rest.filter(Boolean));
    details.scrollTop = 0;
    // What changed is in sight, with some lines before it.
    for (const section of details.children) section.scrollTop = (section.querySelector(".mark")?.offsetTop ?? 0) - 90;
  };

  // Where the reader is: a cell of a row that is shown.
  let at = { way: 0, column: 0 }, shown = ways.map((_, index) => index);
  const mark = (way, column, on) => {
    cellAt(way, column).setAttribute("aria-selected", on);
    cellAt(way, column).tabIndex = on ? 0 : -1;
    rows[way].classList.toggle("selected", on);
    for (const element of [parts[column], heads[column]])
      on ? element.setAttribute("aria-current", "step") : element.removeAttribute("aria-current");
  };
  const go = (way, column, focus = true) => {
    mark(at.way, at.column, false);
    at = { way, column };
    mark(way, column, true);
    const cell = cellAt(way, column);
    if (focus) cell.focus({ preventScroll: true });
    if (!details.hidden) drawDetails();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    parts[column].scrollIntoView({ block: "nearest" });
    find("step").disabled = !stepFrom(1);
    find("back").disabled = !stepFrom(-1);
  };
  const open = on => { details.hidden = !on; if (on) drawDetails(); cellAt(at.way, at.column).scrollIntoView({ block: "nearest" }); };
  const stepFrom = by => {
    for (let row = shown.indexOf(at.way), column = at.column + by; row in shown; row += by, column = by > 0 ? 0 : columns.length - 1)
      for (; column in columns; column += by) if (ways[shown[row]].cells[column]) return [shown[row], column];
    return null;
  };
  const step = by => { const next = stepFrom(by); if (next) { go(...next); open(true); } };
  const moveRow = by => shown[Math.max(0, Math.min(shown.length - 1, shown.indexOf(at.way) + by))];
  const moveColumn = by => Math.max(0, Math.min(columns.length - 1, at.column + by));

  // The filter.
  const name = find("name"), chips = [...document.querySelectorAll("[data-became]")];
  const filter = () => {
    const wanted = name.value.trim().toLowerCase(), pressed = chips.filter(chip => chip.ariaPressed === "true");
    shown = [...ways.keys()].filter(index => ways[index].resource.toLowerCase().includes(wanted)
      && (!pressed.length || pressed.some(chip => became(ways[index], chip.dataset.became))));
    const seen = new Set(shown);
    rows.forEach((row, index) => { row.hidden = !seen.has(index); });
    find("nothing").hidden = shown.length > 0;
    find("status").textContent = shown.length === ways.length ? `${ways.length} shown` : `${shown.length} of ${ways.length} shown`;
    if (!shown.length) open(false);
    else go(seen.has(at.way) ? at.way : shown[0], at.column, false);
  };

  const inGrid = {
    ArrowUp: () => go(moveRow(-1), at.column), ArrowDown: () => go(moveRow(1), at.column),
    ArrowLeft: () => go(at.way, moveColumn(-1)), ArrowRight: () => go(at.way, moveColumn(1)),
    PageUp: () => go(moveRow(-10), at.column), PageDown: () => go(moveRow(10), at.column),
    Home: all => go(all ? shown[0] : at.way, 0), End: all => go(all ? shown.at(-1) : at.way, columns.length - 1),
    Enter: () => open(true), " ": () => open(true),
  };
  const anywhere = {
    n: () => step(1), p: () => step(-1), "/": () => name.select(), "?": () => find("keys").showModal(),
    Escape: () => { open(false); cellAt(at.way, at.column).focus(); },
  };
  document.addEventListener("keydown", event => {
    const all = event.ctrlKey && ["Home", "End"].includes(event.key), typing = event.target === name;
    if ((event.ctrlKey && !all) || event.metaKey || event.altKey || find("keys").open) return;
    if (typing && ["Enter", "ArrowDown", "Escape"].includes(event.key)) {
      if (event.key === "Escape") { name.value = ""; filter(); }
      if (shown.length) cellAt(at.way, at.column).focus();
      return event.preventDefault();
    }
    const here = grid.contains(event.target) || event.target === document.body;
    const act = typing ? null : anywhere[event.key] ?? (here ? inGrid[event.key] : null);
    if (!act || (!shown.length && !["/", "?"].includes(event.key))) return;
    event.preventDefault();
    act(all);
  });
  body.addEventListener("click", event => {
    const cell = event.target.closest("[role=gridcell], [role=rowheader]");
    if (!cell) return;
    go(Number(cell.parentNode.dataset.way), Math.max(0, [...cell.parentNode.children].indexOf(cell) - 1));
    open(true);
  });
  parts.forEach((part, column) => part.addEventListener("click", () => { if (shown.length) go(at.way, column); }));
  find("step").addEventListener("click", () => step(1));
  find("back").addEventListener("click", () => step(-1));
  find("help").addEventListener("click", () => find("keys").showModal());
  find("close").addEventListener("click", () => find("keys").close());
  name.addEventListener("input", filter);
  for (const chip of chips) {
    const count = ways.filter(way => became(way, chip.dataset.became)).length;
    chip.append(` ${count}`);
    chip.disabled = !count;
    chip.addEventListener("click", () => { chip.ariaPressed = String(chip.ariaPressed !== "true"); filter(); });
  }

  drawEquation();
  find("head").append(...heads);
  grid.style.setProperty("--columns", columns.length);
  grid.setAttribute("aria-rowcount", ways.length + 1);
  grid.setAttribute("aria-colcount", columns.length + 1);
  body.append(...rows);
  new ResizeObserver(([head]) => { grid.style.scrollPaddingTop = `${head.target.offsetHeight}px`; }).observe(find("head"));
  filter();
})();
