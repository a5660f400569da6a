#!/usr/bin/env node
/** The command line comes in, the exit code goes out. */
import { createProcessIo } from './io.ts';
import { run } from './run.ts';

process.exitCode = await run(process.argv.slice(2), createProcessIo());
