"""The metrics in JavaScript, for tools that run it: the same scores as `tunelint measure` gives."""

from typing import Final

__all__ = ["javascript_for"]

_NORMAL: Final = r"""const normal = (text) => text.normalize('NFKC').replace(/[“”„«»]/g, '"').replace(/[‘’]/g, "'")
  .toLowerCase().split(/\s+/).filter(Boolean).join(' ').replace(/^[ .!。"'`]+|[ .!。"'`]+$/g, '');
const same = (one, other) => (normal(one) || normal(other) ? normal(one) === normal(other) : one.trim() === other.trim());
"""

_JSON: Final = r"""const read = (text) => {
  const fenced = /^\s*```\w*\n([\s\S]*?)(?:```|$)/.exec(text);
  try {
    const value = JSON.parse(fenced ? fenced[1] : text);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch { return undefined; }
};
const leaves = (value, path, found) => {
  const nested = value !== null && typeof value === 'object' && Object.keys(value).length > 0;
  if (!nested) {
    const leaf = path + '\u0000' + (typeof value === 'string' ? normal(value) : JSON.stringify(value));
    found.set(leaf, (found.get(leaf) || 0) + 1);
  } else if (Array.isArray(value)) {
    value.forEach((item) => leaves(item, path + '[]', found));
  } else {
    Object.entries(value).forEach(([key, item]) => leaves(item, path + '.' + key, found));
  }
  return found;
};
const size = (found) => [...found.values()].reduce((sum, count) => sum + count, 0);
"""

_MATCH: Final = _NORMAL + "return same(String(output), context.vars.expected);\n"

_EXACT: Final = r"""const plain = (text) => text.split(/\s+/).filter(Boolean).join(' ');
return plain(String(output)) === plain(context.vars.expected);
"""

_FIELDS: Final = (
    _NORMAL
    + _JSON
    + r"""const given = typeof output === 'string' ? read(output) : output;
const wanted = read(context.vars.expected);
if (wanted === undefined) return same(String(output), context.vars.expected);
if (given === undefined || given === null || typeof given !== 'object') return 0;
const one = leaves(given, '', new Map());
const other = leaves(wanted, '', new Map());
const shared = [...one].reduce((sum, [leaf, count]) => sum + Math.min(count, other.get(leaf) || 0), 0);
return 2 * shared / (size(one) + size(other));
"""
)

_CALLS: Final = (
    _NORMAL
    + _JSON
    + r"""const calls = (text) => {
  const whole = read(text);
  const values = whole === undefined ? text.split('\n').map(read) : [].concat(whole);
  return values.map((value) => (value && value.function) || value)
    .filter((value) => value && typeof value.name === 'string' && ('arguments' in value || 'parameters' in value))
    .map((value) => [value.name, value.arguments || value.parameters || {}])
    .map(([name, given]) => [name, typeof given === 'string' ? read(given) || given : given])
    .map(([name, given]) => JSON.stringify([name, [...leaves(given, '', new Map())].sort()]))
    .sort().join('\n');
};
return calls(typeof output === 'string' ? output : JSON.stringify(output)) === calls(context.vars.expected);
"""
)

_CHRF: Final = r"""const letters = (text) => [...text.split(/\s+/).join('')].slice(0, 20000);
const grams = (text, size) => {
  const found = new Map();
  for (let at = 0; at + size <= text.length; at += 1) {
    const gram = text.slice(at, at + size).join('');
    found.set(gram, (found.get(gram) || 0) + 1);
  }
  return found;
};
const given = letters(String(output));
const wanted = letters(context.vars.expected);
if (!given.length || !wanted.length) return given.length === wanted.length;
const orders = Math.min(6, given.length, wanted.length);
let precision = 0;
let recall = 0;
for (let size = 1; size <= orders; size += 1) {
  const have = grams(given, size);
  const want = grams(wanted, size);
  const shared = [...have].reduce((sum, [gram, count]) => sum + Math.min(count, want.get(gram) || 0), 0);
  precision += shared / (given.length - size + 1) / orders;
  recall += shared / (wanted.length - size + 1) / orders;
}
return precision && recall ? 5 * precision * recall / (4 * precision + recall) : 0;
"""

_NUMBER: Final = (
    _NORMAL
    + r"""const numeral =
  new RegExp('((?<![\\p{L}\\p{N}_.])-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,300})(?![0-9])'
    + '(?:\\.[0-9]{1,300}(?![0-9]))?)(?:/([0-9]{1,300})(?![0-9]))?', 'gu');
const number = (text) => {
  const marks = [/####[ \t]*(\S[^\n]*)/g, /\\boxed\{([^{}]*)\}/g].map((mark) => [...text.matchAll(mark)]);
  const marked = marks.find((found) => found.length) || [[text, text]];
  const found = [...marked[marked.length - 1][1].replace(/−/g, '-').matchAll(numeral)];
  if (!found.length) return undefined;
  const [, whole, over] = found[found.length - 1];
  const [left, right = ''] = whole.replace(/,/g, '').split('.');
  const below = 10n ** BigInt(right.length) * BigInt(over || 1);
  return below === 0n ? undefined : [BigInt(left + right), below];
};
const given = number(String(output));
const wanted = number(context.vars.expected);
if (wanted === undefined) return same(String(output), context.vars.expected);
return given !== undefined && given[0] * wanted[1] === wanted[0] * given[1];
"""
)

_SCRIPTS: Final = {
    "match": _MATCH,
    "field-f1": _FIELDS,
    "calls": _CALLS,
    "exact": _EXACT,
    "chrf": _CHRF,
    "number": _NUMBER,
}


def javascript_for(metric: str) -> str:
    """Return the body of a function of `output` and `context.vars.expected` that returns a score, or whether they match."""
    return _SCRIPTS[metric]
