// Values of JSON as lines of YAML: pairs of a text and the path of what stands on it.

const isScalar = value =>
  value === null || typeof value !== "object" || !Object.keys(value).length || !!JSON.isRawJSON?.(value);

// Texts that YAML reads as the same texts without quotes; all others are written as JSON, which YAML is too.
const PLAIN = /^[a-z_/](?:[\w./@-]|:(?=[\w/])| (?=\w))*$/i;
const WORD = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
const scalar = value =>
  typeof value === "string" && PLAIN.test(value) && !WORD.test(value) ? value : JSON.stringify(value);

// Texts of several lines that may stand below a `|`.
const BLOCK = /^[\x21-\x7e][\x20-\x7e\n]*\n[\x20-\x7e\n]*[\x21-\x7e]\n?$/;
const blockLines = (head, text, pad, path) => [
  [`${pad}${head} ${text.endsWith("\n") ? "|" : "|-"}`, path],
  ...text.replace(/\n$/, "").split("\n").map(line => [line && `${pad}  ${line}`, path]),
];

const pathTo = (path, key, inList) => {
  if (inList) return `${path}[${key}]`;
  return /^[\w-]+$/.test(key) ? `${path}${path && "."}${key}` : `${path}['${key.replace(/[\\']/g, "\\$&")}']`;
};

const fieldLines = (head, value, pad, path, inList) => {
  if (typeof value === "string" && BLOCK.test(value)) return blockLines(head, value, pad, path);
  if (isScalar(value)) return [[`${pad}${head} ${scalar(value)}`, path]];
  const lines = yamlLines(value, `${pad}  `, path);
  if (!inList) return [[pad + head, path], ...lines];
  // The first field of a list's item stands behind the dash.
  const [[first, firstPath], ...others] = lines;
  return [[`${pad}- ${first.slice(pad.length + 2)}`, firstPath], ...others];
};

const yamlLines = (value, pad = "", path = "") => {
  if (isScalar(value)) return [[pad + scalar(value), path]];
  const inList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, one]) =>
    fieldLines(inList ? "-" : `${scalar(key)}:`, one, pad, pathTo(path, key, inList), inList));
};

const yamlText = value =>
  isScalar(value) ? JSON.stringify(value) : yamlLines(value).map(([text]) => text).join("\n");
