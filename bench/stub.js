/** Nothing comes in; a vendor that answers 1 KB of JSON at once goes out: its port is sent to the parent process. */
import { createServer } from 'node:http';

const BYTES = 1_024;
const filler = 'x'.repeat(BYTES - '{"id":"t1","filler":""}'.length);
const body = Buffer.from(`{"id":"t1","filler":"${filler}"}`);

const token = Buffer.from(
  '{"access_token":"0123456789.0123456789.0123456789","token_type":"Bearer","expires_in":18000}',
);

const server = createServer((request, response) => {
  request.resume();
  const answer = request.url === '/oauth/token' ? token : body;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
  response.end(answer);
});
// No connection may end within a round: that would be measured too.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit());
