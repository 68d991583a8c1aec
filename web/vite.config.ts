import { defineConfig } from "vite";

// One script without imports, since a report is one file that asks nothing of a network.
export default defineConfig({
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    target: "es2022",
    outDir: "../src/scorepolis/report/web",
    emptyOutDir: true,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "scorepolisReport", fileName: () => "report.js" },
  },
});
