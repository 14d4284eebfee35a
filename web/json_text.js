// @ts-check

/**
 * JSON text, indented. Works on the text, not on parsed values, as those would change what a
 * record says: large numbers, repeated keys, escapes.
 * @param {string} text valid JSON
 */
export function indented(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/gs) ?? [];
  let out = '';
  let depth = 0;
  const line = () => '\n' + '  '.repeat(depth);
  for (let i = 0; i < tokens.length; ++i) {
    const token = tokens[i];
    if (token === '{' || token === '[') {
      const empty = tokens[i + 1] === (token === '{' ? '}' : ']');
      out += token;
      if (empty) {
        out += tokens[++i];
      } else {
        ++depth;
        out += line();
      }
    } else if (token === '}' || token === ']') {
      --depth;
      out += line() + token;
    } else if (token === ',') {
      out += token + line();
    } else if (token === ':') {
      out += ': ';
    } else {
      out += token;
    }
  }
  return out;
}
