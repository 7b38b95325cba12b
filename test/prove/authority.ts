import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CONFIGURATION = `[tsa]
default_tsa = one
[one]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_cert = tsa.pem
signer_key = tsa.key
[req]
distinguished_name = dn
[dn]
[ts]
extendedKeyUsage = critical,timeStamping
`

/** Makes a time-stamping authority of OpenSSL's own in a folder: `authority.pem` is its root. */
export function makeAuthority(folder: string): void {
  writeFileSync(join(folder, 'tsa.cnf'), CONFIGURATION)
  writeFileSync(join(folder, 'serial'), '01\n')
  const run = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'authority.pem', '-subj', '/CN=Authority', '-days', '2')
  run('req', ...key, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Stamps', '-config', 'tsa.cnf')
  const issue = ['-CA', 'authority.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'tsa.cnf']
  run('x509', '-req', '-in', 'tsa.csr', ...issue, '-extensions', 'ts', '-out', 'tsa.pem')
}

/** Lets that authority answer a query. */
export function stampReply(folder: string, query: string, reply: string): void {
  const args = ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', query, '-out', reply]
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
}
