import { useState } from "preact/hooks";
import { applyTheme, rememberedTheme, themes } from "./theme";

const signs = { system: "◐", light: "☀", dark: "☾" };

export function ThemeSwitch() {
  const [theme, setTheme] = useState(rememberedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  const choose = () => {
    setTheme(next);
    applyTheme(next);
  };
  return (
    <button class="plain" onClick={choose} title={`Colours: ${theme}. Next: ${next}`} aria-label={`Colours: ${theme}. Switch to ${next}`}>
      <span aria-hidden="true">{signs[theme]}</span> {theme}
    </button>
  );
}
