import { defineConfig, type Plugin } from "vite";

// The first script asks for the page by its name when it runs; the browser may fetch it before.
const pageAtOnce: Plugin = {
  name: "page-at-once",
  transformIndexHtml: {
    order: "post",
    handler: (html, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((one) => one.type === "chunk" && one.name === "page")
        .map((one) => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${one.fileName}` }, injectTo: "head" as const })),
  },
};

// Scripts and one style sheet, all from this program: no polyfill, no inline code, no address outside.
export default defineConfig({
  base: "/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  plugins: [pageAtOnce],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
});
