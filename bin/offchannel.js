#!/usr/bin/env node
// Starts the program. The version is checked before anything else is loaded: an older Node crashes in the database
// driver.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `offchannel: needs Node 22.14 or later, this is ${process.version}: install a newer one, or start it with \`npm start\`\n`,
  )
  process.exit(2)
}
const { enableCompileCache } = await import('node:module')
enableCompileCache()
await import('../dist/bundle/start.js')
