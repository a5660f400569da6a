/** A module that makes a server, then the words `begin` and `end` come in from the parent process; what the time between them cost goes back. */
let startedAt;
let before;

process.on('message', (message) => {
  handle(message).then(
    (answer) => process.send?.(answer),
    (error) => process.send?.({ error: String(error?.stack ?? error) }),
  );
});
process.on('disconnect', () => process.exit());

async function handle({ module, context, word }) {
  if (module !== undefined) {
    const { createServed } = await import(module);
    return createServed(context);
  }
  if (word === 'begin') {
    before = process.cpuUsage();
    startedAt = performance.now();
    return {};
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system, ms: performance.now() - startedAt };
}
