// The page of a trace. All that it shows stands in the element `trace-data`; it is written as text, never as
// markup.

const find = id => document.getElementById(id);
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter(child => child !== null));
  return element;
};

// A number that JavaScript would round keeps its digits.
const exact = (_, value, { source }) =>
  typeof value === "number" && JSON.rawJSON && source !== String(value) ? JSON.rawJSON(source) : value;
const dataText = find("trace-data").textContent;
const data = JSON.parse(dataText, /\d{16}/.test(dataText) ? exact : undefined);
const objectOf = number => number === null ? null : data.objects[number];

// Columns: what was read, each stage, and the verb. A cell: what became of one resource in one column.
const columns = [
  { name: "read", kind: "source", note: "the document as it was read" },
  ...data.stages,
  { name: data.verb, kind: "verb", note: "a pure function to an exchange, which the edge runs" },
];
const verbCell = ({ steps, outcome, requests }) => {
  if (steps.some(({ became }) => became === "dropped" || became === "failed")) return null;
  if (!outcome) return requests.length ? { became: "planned", word: "planned" } : null;
  const became = outcome.action === "skipped" ? "dropped" : outcome.error ? "failed" : "done";
  return { became, word: outcome.action };
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
const ways = data.ways.map(way => ({ ...way, name: way.resource || "not readable", cells: cellsOf(way) }));
const isEver = (way, became) => way.cells.some(cell => cell?.became === became);
const lastCell = way => way.cells.findLastIndex(Boolean);
const originOf = ({ source, document, line }) =>
  [source || "no file", document && `document ${document}`, line && `line ${line}`]
    .filter(Boolean).join(", ");
