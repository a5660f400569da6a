/** A text or bytes come in; the browser saves them as a file. */
export function download(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read it only when we are done.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
