/** The folder that Vite built comes in; a router goes out that serves the console's page and assets under a strict policy. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import helmet from 'helmet';

/** Stands in the built page where each answer puts a nonce of its own. */
const NONCE_MARK = '__NONCE__';
const YEAR_MS = 365 * 86_400_000;

/**
 * Creates the router, to be used at `/console`. Assets have a hash in their name and may be kept for ever; the page is
 * the same for every path below, since its routes are in the browser. Undefined when the folder holds no console.
 */
export function createConsolePages(folder: string): Router | undefined {
  const page = readPage(folder);
  if (page === undefined) return undefined;
  const router = express.Router();
  const assets = express.static(join(folder, 'assets'), {
    ...{ immutable: true, maxAge: YEAR_MS, index: false, redirect: false, fallthrough: false },
    setHeaders: (response) => response.removeHeader('Pragma'),
  });
  router.use('/assets', assets);
  router.get('/{*path}', sendPage(page));
  return router;
}

function readPage(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Nothing but our own scripts, styles and answers; styles that the component library writes at run time carry the
 * nonce. Without 'unsafe-inline' and 'unsafe-eval', a text that slips into the page as markup stays without effect.
 */
function sendPage(page: string): RequestHandler {
  return (request, response, next) => {
    const nonce = randomBytes(16).toString('base64');
    const policy = helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", `'nonce-${nonce}'`],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
    });
    policy(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      response.type('html').send(page.replaceAll(NONCE_MARK, nonce));
    });
  };
}
