// The details of a cell: what became of a resource in a stage, or its requests and answers.

const MOST_LINES = 600;
const isWithin = (path, outer) => path === outer || [".", "["].some(next => path.startsWith(outer + next));
const drawObject = (object, changed = []) => {
  const drawLine = ([text, path]) =>
    make("span", changed.some(outer => isWithin(path, outer)) ? { class: "mark" } : {}, `${text}\n`);
  const lines = yamlLines(object), pre = make("pre", {}, ...lines.slice(0, MOST_LINES).map(drawLine));
  if (lines.length <= MOST_LINES) return pre;
  const more = make("button", { type: "button" }, `show the other ${lines.length - MOST_LINES} lines`);
  more.addEventListener("click", () => {
    pre.append(...lines.slice(MOST_LINES).map(drawLine));
    more.remove();
  });
  return make("div", {}, pre, more);
};
const titled = (title, ...children) => make("section", { tabindex: "0" }, make("h3", {}, title), ...children);
const drawFacts = facts => make("dl", {}, ...facts.filter(([, value]) => value)
  .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
const drawAbout = (way, column) => {
  const cell = way.cells[column], end = lastCell(way), { name, kind, note } = columns[column];
  const why = cell?.step ? cell.step.why : cell && way.outcome?.error;
  const outcome = column === end ? way.outcome : null;
  const word = cell ? cell.word : `not reached: it was ${way.cells[end]?.word ?? "not read"} before`;
  return make("section", {},
    make("h2", {}, way.name),
    make("p", { class: `key ${cell ? `way ${cell.became}` : ""}` }, word),
    why ? make("p", { class: `why ${cell.became}` }, why) : null,
    make("p", { class: "stage" }, make("code", {}, name), ` (${kind}): ${note}`),
    drawFacts([
      ["read from", originOf(way.origin)], ["opened from", way.list], ["namespace", way.namespace],
      ["mapping", way.mapping], ["report", outcome?.action], ["warnings", outcome?.warnings.join("\n")],
    ]));
};
const drawSide = (side, value) => value === null ? null : make("span", { class: side }, yamlText(value));
const drawChange = ({ path, before, after }) =>
  make("li", {}, make("div", { class: "path" }, path), drawSide("before", before), drawSide("after", after));
const titles = {
  read: "The object as it was read", passed: "The object, unchanged", dropped: "What was dropped",
};
const drawStep = ({ became, step: { changes }, object }) => [
  changes.length ? titled("What it changed", make("ul", {}, ...changes.map(drawChange))) : null,
  object === null ? null : titled(titles[became] ?? "The object after it",
    drawObject(objectOf(object), changes.map(({ path }) => path))),
];
const urlOf = ({ path, query }) =>
  [path, Object.entries(query).map(pair => pair.join("=")).join("&")].filter(Boolean).join("?");
const drawMessage = (title, body) =>
  [make("p", { class: "request" }, title), body === null ? null : drawObject(objectOf(body))];
const drawTalk = ({ requests, answers }) => {
  if (!requests.length) return [titled("It asks nothing")];
  const silence = data.ran ? "No answer came" : "Nothing was sent: this is a plan";
  return [
    titled("What it asks",
      ...requests.flatMap(request => drawMessage(`${request.method} ${urlOf(request)}`, request.body))),
    titled(answers.length ? "What is answered" : silence,
      ...answers.flatMap(({ status, body }) => drawMessage(`${status}`, body))),
  ];
};
const details = find("details");
const drawDetails = () => {
  const way = ways[at.way], cell = way.cells[at.column];
  const rest = !cell ? [] : cell.step ? drawStep(cell) : drawTalk(way);
  details.replaceChildren(drawAbout(way, at.column), ...rest.filter(Boolean));
  details.scrollTop = 0;
  // What changed is in sight, with some lines before it.
  for (const section of details.children)
    section.scrollTop = (section.querySelector(".mark")?.offsetTop ?? 0) - 90;
};
