import { describe, expect, it } from 'vitest';
import { openM3ter } from './open-m3ter.ts';

const rows = [
  { uid: 'u1', meter: 'storage', account: 'from-file', ts: '2026-02-01T00:00:00Z', measure: { gb: 2 } },
  { uid: 'u2', meter: 'storage', account: 'from-file', ts: '2026-02-02T00:00:00Z', measure: { gb: 3 } },
  { uid: 'u3', meter: 'storage' },
];

async function openUpload() {
  const opened = await openM3ter();
  const announce = async (text: string, contentType = 'application/json') => {
    const body = { fileName: 'january.json', contentType, contentLength: Buffer.byteLength(text) };
    return (await opened.ask('/fileuploads/measurements/generateUploadUrl', 'POST', body)).json;
  };
  const job = async (id: string) => (await opened.ask(`/fileuploads/measurements/jobs/${id}`)).json;
  return { ...opened, announce, job };
}

const put = (url: string, body: string, headers: Record<string, string>) =>
  fetch(url, { method: 'PUT', body, headers });

/** What a URL downloads; the token stays at home. */
async function download(url: string) {
  const response = await fetch(url);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

describe('an upload URL refuses', () => {
  it('with 404 what it never was, and with 403 what comes after a minute', async () => {
    const { announce, clock } = await openUpload();
    const { url, headers } = await announce('[]');
    const wrong = await put(`${url}x`, '[]', headers);
    expect([wrong.status, Object.keys((await wrong.json()) as object)]).toEqual([404, ['message']]);
    clock.advance(60_000);
    expect((await put(url, '[]', headers)).status).toBe(403);
  });

  it('with 403 a bearer token, another type and another size than was announced', async () => {
    const { announce, token } = await openUpload();
    const { url, headers } = await announce('[]');
    expect((await put(url, '[]', { ...headers, authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await put(url, '[]', { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await put(url, '[ ]', headers)).status).toBe(403);
    expect((await fetch(url, { method: 'POST', body: '[]', headers })).status).toBe(405);
    expect((await put(url, '[]', headers)).status).toBe(200);
  });
});

describe('an upload of measurements', () => {
  it('waits for the file, then runs, counts its rows and keeps the good ones', async () => {
    const { ask, announce, job, clock, urls, sandbox } = await openUpload();
    const text = JSON.stringify(rows);
    const { jobId, url, headers } = await announce(text);
    expect(headers).toEqual({ 'Content-Type': 'application/json' });
    clock.advance(30_000);
    expect(await job(jobId)).toMatchObject({ status: 'notUploaded', fileName: 'january.json', totalRows: 0 });
    expect((await put(url, text, headers)).status).toBe(200);
    expect(await job(jobId)).toMatchObject({ status: 'running', totalRows: 3, processedRows: 0 });
    clock.advance(1000);
    expect(await job(jobId)).toMatchObject({ status: 'succeeded', processedRows: 3, failedRows: 1 });
    const kept = await fetch(`${urls.api}/_sandbox/collections/measurements`);
    expect(((await kept.json()) as { uid: string }[]).map(({ uid }) => uid)).toEqual(['u2', 'u1']);
    expect((await ask('/accounts?codes=from-file')).json.data).toHaveLength(1);
    expect(sandbox.requests.list('file').map(({ path }) => path)).toEqual(['/_files/***']);
  });

  it('has no second effect when the file is sent again', async () => {
    const { announce, job, clock } = await openUpload();
    const text = JSON.stringify(rows);
    const { jobId, url, headers } = await announce(text);
    await put(url, text, headers);
    clock.advance(1000);
    const { version } = await job(jobId);
    expect((await put(url, text, headers)).status).toBe(200);
    expect(await job(jobId)).toMatchObject({ status: 'succeeded', version });
  });

  it('fails when the file is not what it should be', async () => {
    const { announce, job } = await openUpload();
    const { jobId, url, headers } = await announce('{"measurements": []}');
    await put(url, '{"measurements": []}', headers);
    expect((await job(jobId)).status).toBe('failed');
  });

  it('gives the file back as it came, and nothing before there is one', async () => {
    const { ask, announce } = await openUpload();
    const text = JSON.stringify(rows, null, 2);
    const { jobId, url, headers } = await announce(text, 'text/json');
    const original = async () => (await ask(`/fileuploads/measurements/jobs/${jobId}/original`)).json.url;
    expect((await download(await original())).status).toBe(404);
    await put(url, text, headers);
    expect(await download(await original())).toEqual({ status: 200, type: 'text/json', text });
  });
});

describe('downloads', () => {
  it('are refused without the job done, with a bearer token, and after their time', async () => {
    const { ask, make, clock, token } = await openM3ter();
    const { jobId } = await make('/dataexports/adhoc', {
      sourceType: 'OPERATIONAL',
      operationalDataTypes: ['ACCOUNTS'],
    });
    expect((await ask(`/dataexports/jobs/${jobId}/getdownloadurl`)).status).toBe(400);
    clock.advance(5000);
    const { json } = await ask(`/dataexports/jobs/${jobId}/getdownloadurl`);
    expect(json.expirationTime).toBe('2026-03-01T12:15:05.000Z');
    expect((await fetch(json.url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
    clock.advance(15 * 60_000 - 1);
    expect((await fetch(json.url)).status).toBe(200);
    clock.advance(1);
    expect((await fetch(json.url)).status).toBe(403);
  });

  it('of an export have a line for each entity', async () => {
    const { ask, make, clock } = await openM3ter();
    await make('/accounts', { name: 'Acme, "Ltd"', code: 'acme', emailAddress: 'billing@example.com' });
    const { jobId } = await make('/dataexports/adhoc', {
      sourceType: 'OPERATIONAL',
      operationalDataTypes: ['ACCOUNTS'],
    });
    expect((await ask(`/dataexports/jobs/${jobId}`)).json).toMatchObject({
      status: 'PENDING',
      sourceType: 'OPERATIONAL',
    });
    clock.advance(5000);
    expect((await ask(`/dataexports/jobs/${jobId}`)).json.status).toBe('SUCCEEDED');
    const { type, text } = await download((await ask(`/dataexports/jobs/${jobId}/getdownloadurl`)).json.url);
    const lines = text.split('\r\n');
    expect([type, lines.length]).toEqual(['text/csv', 4]);
    expect(lines[0]?.split(',').slice(0, 3)).toEqual(['name', 'code', 'emailAddress']);
    expect(lines[1]).toContain('"Acme, ""Ltd""",acme,');
  });

  it('of statements are there once a statement job has made them', async () => {
    const { ask, make, idsAt, clock } = await openM3ter();
    const [billId = ''] = await idsAt('/bills?locked=false');
    expect((await ask(`/bills/${billId}/statement/json`)).status).toBe(400);
    const job = await make('/statementjobs', { billId, includeCsvFormat: true });
    expect(job).toMatchObject({ statementJobStatus: 'PENDING' });
    expect(job).not.toHaveProperty('presignedJsonStatementUrl');
    clock.advance(5000);
    const done = (await ask(`/statementjobs/${job.id}`)).json;
    expect(done).toMatchObject({
      statementJobStatus: 'COMPLETE',
      jsonStatementStatus: 'LATEST',
      csvStatementStatus: 'LATEST',
    });
    const csv = await download(done.presignedCsvStatementUrl);
    expect([csv.status, csv.type, csv.text]).toEqual([
      200,
      'text/csv',
      expect.stringContaining('convertedSubtotal'),
    ]);
    const { downloadUrl } = (await ask(`/bills/${billId}/statement/json`)).json;
    expect(JSON.parse((await download(downloadUrl)).text)).toMatchObject([{ id: billId, billTotal: 98 }]);
    expect((await ask(`/bills/${billId}`)).json).toMatchObject({
      jsonStatementGenerated: true,
      csvStatementGenerated: true,
    });
  });

  it('of several statements come from as many jobs, and from none when one bill is unknown', async () => {
    const { ask, make, idsAt } = await openM3ter();
    const billIds = await idsAt('/bills');
    expect((await ask('/statementjobs/batch', 'POST', { billIds: [...billIds, 'nobody'] })).status).toBe(404);
    expect(await idsAt('/statementjobs')).toEqual([]);
    const jobs = await make('/statementjobs/batch', { billIds });
    expect(jobs.map(({ billId }: { billId: string }) => billId).sort()).toEqual([...billIds].sort());
  });
});

describe('lookup table data', () => {
  async function openTable() {
    const opened = await openM3ter();
    const table = await opened.make('/lookuptables', { name: 'Prices', code: 'prices' });
    const revision = await opened.make(`/lookuptables/${table.id}/revisions`, {
      name: 'First',
      fields: [
        { name: 'region', type: 'STRING' },
        { name: 'price', type: 'NUMBER' },
      ],
      keys: ['region'],
    });
    const revisions = `/lookuptables/${table.id}/revisions`;
    return { ...opened, table, revision, revisions, data: `${revisions}/${revision.id}/data` };
  }
  const europe = { region: 'EMEA', price: 1.5 };
  const asia = { region: 'APAC', price: 2 };

  it('is refused without its version, with rows that have no key, and under another key', async () => {
    const { ask, data } = await openTable();
    expect((await ask(data, 'PUT', { items: [europe] })).status).toBe(200);
    expect((await ask(data, 'PUT', { items: [asia] })).json.message).toContain('version is missing');
    expect((await ask(data, 'PUT', { items: [asia], version: 7 })).status).toBe(400);
    expect((await ask(data, 'PUT', { items: [{ price: 1 }], version: 1 })).json.message).toContain('region');
    expect((await ask(`${data}/APAC`, 'PUT', { item: europe, version: 1 })).status).toBe(400);
    expect((await ask(`${data}/APAC`)).json).toEqual({ message: 'There is no row with the key APAC' });
  });

  it('is replaced row by row, by its keys', async () => {
    const { ask, data, revisions, revision } = await openTable();
    await ask(data, 'PUT', { items: [europe, asia] });
    const changed = await ask(`${data}/EMEA?additional=lookupKey`, 'PUT', {
      item: { ...europe, price: 9 },
      version: 1,
    });
    expect(changed.json).toMatchObject({
      version: 2,
      items: [{ region: 'EMEA', price: 9, lookupKey: 'EMEA' }],
    });
    expect((await ask(data)).json.items).toEqual([{ region: 'EMEA', price: 9 }, asia]);
    expect((await ask(`${data}?limit=1`)).json.items).toHaveLength(1);
    expect((await ask(`${revisions}/${revision.id}`)).json.itemCount).toBe(2);
    expect((await ask(`${data}/EMEA`, 'DELETE', { version: 2 })).json.items).toEqual([
      { region: 'EMEA', price: 9 },
    ]);
    expect((await ask(`${data}/APAC`)).json.items).toEqual([asia]);
    expect((await ask(data, 'DELETE')).status).toBe(200);
    expect((await ask(data)).json.items).toEqual([]);
  });

  it('is copied, into another revision or into a new one', async () => {
    const { ask, data, revisions, revision, clock } = await openTable();
    await ask(data, 'PUT', { items: [europe] });
    expect((await ask(`${data}/copy`, 'POST', { revisionId: 'nobody' })).status).toBe(404);
    const { jobId, revisionId } = (await ask(`${data}/copy`, 'POST', {})).json;
    expect(revisionId).not.toBe(revision.id);
    expect((await ask(`${revisions}/${revisionId}/data`)).json.items).toEqual([europe]);
    clock.advance(2000);
    expect((await ask(`${data}/jobs/${jobId}`)).json).toMatchObject({
      type: 'COPY',
      status: 'SUCCEEDED',
      destinationLookupTableRevisionId: revisionId,
    });
  });

  it('comes from a file and goes into one', async () => {
    const { ask, data, clock } = await openTable();
    const csv = 'region,price\r\n"EMEA",1.5\nAPAC,2\n';
    const body = { fileName: 'prices.csv', contentType: 'text/csv', contentLength: csv.length };
    const upload = (await ask(`${data}/generateuploadurl`, 'POST', body)).json;
    clock.advance(10_000);
    expect((await ask(`${data}/jobs/${upload.jobId}`)).json.status).toBe('PENDING');
    expect((await put(upload.url, csv, upload.headers)).status).toBe(200);
    expect((await ask(`${data}/jobs/${upload.jobId}`)).json).toMatchObject({
      type: 'UPLOAD',
      status: 'SUCCEEDED',
    });
    expect((await ask(data)).json.items).toEqual([europe, asia]);
    const { jobId } = (await ask(`${data}/jobs/download`, 'POST', { contentType: 'application/jsonl' })).json;
    expect((await ask(`${data}/jobs/${jobId}`)).json).not.toHaveProperty('downloadUrl');
    clock.advance(2000);
    const job = (await ask(`${data}/jobs/${jobId}`)).json;
    expect(job.downloadUrlExpiry).toBe('2026-03-01T13:00:12.000Z');
    expect((await download(job.downloadUrl)).text).toBe(
      `${JSON.stringify(europe)}\n${JSON.stringify(asia)}\n`,
    );
  });

  it('fails from a file whose rows have no key', async () => {
    const { ask, data } = await openTable();
    const body = { fileName: 'prices.csv', contentType: 'text/csv', contentLength: 8 };
    const upload = (await ask(`${data}/generateuploadurl`, 'POST', body)).json;
    expect((await put(upload.url, 'price\n1\n', upload.headers)).status).toBe(200);
    expect((await ask(`${data}/jobs/${upload.jobId}`)).json).toMatchObject({
      status: 'FAILED',
      failureReason: expect.any(String),
    });
  });

  it('counts for calculations once its revision is published', async () => {
    const { ask, table, revisions, revision } = await openTable();
    expect((await ask(`/lookuptables/${table.id}`)).json).not.toHaveProperty('activeRevision');
    expect(
      (await ask(`${revisions}/${revision.id}/status`, 'PUT', { status: 'PUBLISHED', version: 2 })).status,
    ).toBe(400);
    await ask(`${revisions}/${revision.id}/status`, 'PUT', { status: 'PUBLISHED', version: 1 });
    expect((await ask(`/lookuptables/${table.id}`)).json.activeRevision).toMatchObject({ id: revision.id });
    const body = { name: 'Renamed', fields: revision.fields, keys: revision.keys, version: 2 };
    expect((await ask(`${revisions}/${revision.id}`, 'PUT', body)).json).toMatchObject({
      name: 'Renamed',
      status: 'PUBLISHED',
    });
  });
});
