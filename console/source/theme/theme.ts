// Light, dark, or as the system wants it; remembered by the browser.

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "streamwork-theme";

export function rememberedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? "system";
}

export function applyTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(key, theme);
  dispatchEvent(new Event("themechange"));
}

/** Calls `then` whenever colours change, by the switch or by the system; returns what ends that. */
export function onThemeChange(then: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  addEventListener("themechange", then);
  system.addEventListener("change", then);
  return () => {
    removeEventListener("themechange", then);
    system.removeEventListener("change", then);
  };
}

/** A colour of the style sheet, for what is drawn on a canvas. */
export const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
