/**
 * A program as signatures name it: in lower case and without the folders before it, so that one indicator stands for a
 * path of Windows or Unix, a file's name, and the identifier of an app.
 */
export function applicationName(text: string): string {
  const last = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'))
  return text.slice(last + 1).toLowerCase()
}
