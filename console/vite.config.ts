import { defineConfig, type Plugin } from "vite";

/** Text files of this project end with a new line, built ones too. */
const finalNewLine: Plugin = {
  name: "final-new-line",
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === "chunk") file.code = `${file.code.trimEnd()}\n`;
      else if (typeof file.source === "string") file.source = `${file.source.trimEnd()}\n`;
    }
  },
};

// Three files with fixed names, which the library embeds: no hashes, nothing inlined (the content policy forbids inline
// script, inline style and data addresses), no module preloading code.
export default defineConfig({
  base: "./",
  plugins: [finalNewLine],
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  resolve: { alias: [{ find: /^@dagrejs\/graphlib$/, replacement: new URL("./source/graph/graphlib.js", import.meta.url).pathname }] },
  build: {
    outDir: "dist",
    target: "es2021",
    minify: "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3, pure_getters: true, unsafe_arrows: true }, format: { comments: false } },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: true,
    rollupOptions: {
      output: {
        entryFileNames: "console.js",
        assetFileNames: "console.[ext]",
        inlineDynamicImports: true,
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:7000" } },
});
