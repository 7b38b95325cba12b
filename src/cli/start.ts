import { main } from './main.ts'
import { Terminal } from './terminal.ts'

// A reader that has seen enough (`| head`) closes the pipe: that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

process.exitCode = await main(process.argv, new Terminal(process.stdout, process.stderr, process.env, process.stdin))
