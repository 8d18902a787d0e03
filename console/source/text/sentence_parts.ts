// A sentence of the engine names vertices in quotes; the page makes them something to click on.

export interface SentencePart {
  text: string;
  /** The vertex that this part names; null for what stands between. */
  vertex: number | null;
}

/** Parts the text at the names of vertices in single quotes; names may have quotes in them, so the longest is tried first. */
export function sentenceParts(text: string, names: readonly string[]): SentencePart[] {
  const candidates = names
    .map((name, vertex) => ({ quoted: `'${name}'`, name, vertex }))
    .sort((a, b) => b.quoted.length - a.quoted.length);
  const parts: SentencePart[] = [];
  let plain = "";
  let position = 0;
  while (position < text.length) {
    const found = text[position] === "'" ? candidates.find((it) => text.startsWith(it.quoted, position)) : undefined;
    if (found === undefined) {
      plain += text[position];
      position += 1;
      continue;
    }
    if (plain !== "") parts.push({ text: plain, vertex: null });
    plain = "";
    parts.push({ text: found.name, vertex: found.vertex });
    position += found.quoted.length;
  }
  if (plain !== "") parts.push({ text: plain, vertex: null });
  return parts;
}
