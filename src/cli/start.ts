import { main, tellCrash } from './main.ts'
import { Terminal } from './terminal.ts'

// A reader that has seen enough (`| head`) closes the pipe: that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const terminal = new Terminal(process.stdout, process.stderr, process.env, process.stdin)

// What Node itself would print has the values that an error is about, and its exit status 1 means findings.
process.on('uncaughtException', (thrown) => {
  tellCrash(thrown, terminal)
  process.exit(2)
})

process.exitCode = await main(process.argv, terminal)
