const kEncoder = new TextEncoder();

/** The UTF-16 place in `text` of a byte of its UTF-8, as which the server counts. */
export function indexOfByte(text: string, byte: number): number {
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    if (bytes >= byte) break;
    bytes += kEncoder.encode(character).length;
    index += character.length;
  }
  return index;
}

/** How many bytes of UTF-8 stand before the UTF-16 place `index` of `text`. */
export function byteOfIndex(text: string, index: number): number {
  return kEncoder.encode(text.slice(0, index)).length;
}
