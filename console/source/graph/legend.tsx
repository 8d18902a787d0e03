import { shareNames } from "./shares";

export function Legend() {
  return (
    <span class="legend" aria-label="Legend of the bars">
      {shareNames.map((name) => (
        <span key={name}>
          <i class={`swatch share-${name}`} aria-hidden="true" /> {name}
        </span>
      ))}
    </span>
  );
}
