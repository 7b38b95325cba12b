/**
 * The program as few files: resolving and compiling every module by itself would take longer than many a sweep. What
 * runs on a thread of its own is a file of its own; pdfkit reads files beside it.
 */
export default {
  input: { start: 'dist/cli/start.js', hasher: 'dist/sweep/hasher.js', 'part-worker': 'dist/sweep/part-worker.js' },
  output: { dir: 'dist/bundle', cleanDir: true, minify: false },
  platform: 'node',
  external: ['better-sqlite3', 'pdfkit'],
}
