// The grid, the equation, the filter, and the keys: where the reader is, and how to get there.

// The grid.
const grid = find("grid");
const breakable = text => text.split(/(?<=[/._(,])/).flatMap(part => [part, make("wbr", {})]);
const drawName = text => {
  const at = text.indexOf("/") + 1;
  return make("b", {}, make("span", {}, ...breakable(text.slice(0, at))), ...breakable(text.slice(at)));
};
const drawCell = (cell, column, isEnd) => make("div", {
  role: "gridcell", tabindex: "-1", "aria-colindex": column + 2, "aria-selected": "false",
  class: cell ? `cell way ${cell.became}${isEnd ? " end" : ""}` : "cell none",
  ...(cell ? {} : { "aria-label": "not reached" }),
}, cell ? cell.word : "");
const drawRow = (way, index) => {
  const from = [way.origin.source.split("/").at(-1), way.list && `from a ${way.list}`].filter(Boolean);
  return make("div", { role: "row", class: "row", "data-way": index, "aria-rowindex": index + 2 },
    make("div", { role: "rowheader", "aria-colindex": 1, title: originOf(way.origin) },
      drawName(way.name), make("small", {}, from.join(" · "))),
    ...way.cells.map((cell, column) => drawCell(cell, column, column === lastCell(way))));
};
const drawHead = ({ name, kind, note }, column) =>
  make("div", { role: "columnheader", "aria-colindex": column + 2, title: `${name}\n${note}` },
    make("span", {}, ...breakable(name)), make("small", {}, kind));
const heads = columns.map(drawHead), rows = ways.map(drawRow);
const cellAt = (way, column) => rows[way].children[column + 1];

// The equation, with a part for each column. The stages stand in it from the last to the first.
const parts = columns.map(({ name }, column) => make("span", { class: "part" }, column ? name : "v"));
const equationParts = () => {
  const text = data.equation, stages = data.stages.map(stage => stage.name).reverse().join(" ∘ ");
  const start = text.lastIndexOf(`(${stages})(v)`) + 1, end = start + stages.length;
  const verb = text.lastIndexOf(data.verb);
  if (!start || verb < end) return [text];
  const between = data.stages.flatMap((_, n) => n ? [" ∘ ", parts[n + 1]] : [parts[1]]).reverse();
  return [text.slice(0, start), ...between, ")(", parts[0], text.slice(end + 3, verb), parts.at(-1),
    text.slice(verb + data.verb.length)];
};

// Where the reader is: a cell of a row that is shown.
let at = { way: 0, column: 0 }, shown = [...ways.keys()];
const mark = (way, column, isOn) => {
  cellAt(way, column).setAttribute("aria-selected", isOn);
  cellAt(way, column).tabIndex = isOn ? 0 : -1;
  rows[way].classList.toggle("selected", isOn);
  for (const element of [parts[column], heads[column]]) {
    if (isOn) element.setAttribute("aria-current", "step");
    else element.removeAttribute("aria-current");
  }
};
const go = (way, column, { focus = true } = {}) => {
  mark(at.way, at.column, false);
  at = { way, column };
  mark(way, column, true);
  if (focus) cellAt(way, column).focus({ preventScroll: true });
  if (!details.hidden) drawDetails();
  for (const element of [cellAt(way, column), parts[column]])
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  find("step").disabled = !nextCell(1);
  find("back").disabled = !nextCell(-1);
};
const open = isOn => {
  details.hidden = !isOn;
  if (isOn) drawDetails();
  if (shown.length) cellAt(at.way, at.column).scrollIntoView({ block: "nearest", inline: "nearest" });
};
const nextCell = by => {
  let row = shown.indexOf(at.way), column = at.column + by;
  for (; row in shown; row += by, column = by > 0 ? 0 : columns.length - 1)
    for (; column in columns; column += by) if (ways[shown[row]].cells[column]) return [shown[row], column];
  return null;
};
const step = by => {
  const next = nextCell(by);
  if (!next) return;
  go(...next);
  open(true);
};
const within = (value, list) => Math.max(0, Math.min(list.length - 1, value));
const move = (down, right) =>
  go(shown[within(shown.indexOf(at.way) + down, shown)], within(at.column + right, columns));

// The filter.
const wanted = find("name"), chips = [...document.querySelectorAll("[data-became]")];
const filter = () => {
  const text = wanted.value.trim().toLowerCase(), pressed = chips.filter(chip => chip.ariaPressed === "true");
  shown = [...ways.keys()].filter(n => ways[n].name.toLowerCase().includes(text)
    && (!pressed.length || pressed.some(chip => isEver(ways[n], chip.dataset.became))));
  const seen = new Set(shown);
  rows.forEach((row, n) => { row.hidden = !seen.has(n); });
  find("nothing").hidden = shown.length > 0;
  const of = shown.length < ways.length ? `${shown.length} of ` : "";
  find("status").textContent = `${of}${ways.length} shown`;
  if (shown.length) go(seen.has(at.way) ? at.way : shown[0], at.column, { focus: false });
  else open(false);
};
const leaveFilter = key => {
  if (key === "Escape") {
    wanted.value = "";
    filter();
  }
  if (shown.length) cellAt(at.way, at.column).focus();
};

// The keys, and what is clicked.
const end = columns.length - 1;
const inGrid = {
  ArrowUp: () => move(-1, 0), ArrowDown: () => move(1, 0),
  ArrowLeft: () => move(0, -1), ArrowRight: () => move(0, 1),
  PageUp: () => move(-10, 0), PageDown: () => move(10, 0),
  Home: isAll => go(isAll ? shown[0] : at.way, 0), End: isAll => go(isAll ? shown.at(-1) : at.way, end),
  Enter: () => open(true), " ": () => open(true),
};
const anywhere = {
  n: () => step(1), p: () => step(-1), "/": () => wanted.select(), "?": () => find("keys").showModal(),
  Escape: () => {
    open(false);
    cellAt(at.way, at.column).focus();
  },
};
const actionOf = ({ target, key }) => {
  const leaves = ["Enter", "ArrowDown", "Escape"].includes(key);
  if (target === wanted) return leaves ? () => leaveFilter(key) : null;
  if (!shown.length && !["/", "?"].includes(key)) return null;
  return anywhere[key] ?? (grid.contains(target) || target === document.body ? inGrid[key] : null);
};
document.addEventListener("keydown", event => {
  const isAll = event.ctrlKey && ["Home", "End"].includes(event.key);
  if ((event.ctrlKey && !isAll) || event.metaKey || event.altKey || find("keys").open) return;
  const act = actionOf(event);
  if (!act) return;
  event.preventDefault();
  act(isAll);
});
find("body").addEventListener("click", ({ target }) => {
  const cell = target.closest("[role=gridcell], [role=rowheader]");
  if (!cell) return;
  go(Number(cell.parentNode.dataset.way), Math.max(0, cell.ariaColIndex - 2));
  open(true);
});
parts.forEach((part, column) => part.addEventListener("click", () => shown.length && go(at.way, column)));
const clicks = {
  step: () => step(1), back: () => step(-1), help: anywhere["?"], close: () => find("keys").close(),
};
for (const [id, act] of Object.entries(clicks)) find(id).addEventListener("click", act);
wanted.addEventListener("input", filter);
for (const chip of chips) {
  const count = ways.filter(way => isEver(way, chip.dataset.became)).length;
  chip.append(` ${count}`);
  chip.disabled = !count;
  chip.addEventListener("click", () => {
    chip.ariaPressed = String(chip.ariaPressed !== "true");
    filter();
  });
}

find("equation").append(...equationParts());
find("head").append(...heads);
grid.style.setProperty("--columns", columns.length);
grid.setAttribute("aria-rowcount", ways.length + 1);
grid.setAttribute("aria-colcount", columns.length + 1);
find("body").append(...rows);
const leaveHead = ([{ target }]) => { grid.style.scrollPaddingTop = `${target.offsetHeight}px`; };
new ResizeObserver(leaveHead).observe(find("head"));
filter();
