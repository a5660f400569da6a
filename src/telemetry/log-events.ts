/** Events and a logger come in; lines for what an operator wants to read of go out, each at its level. */
import type { RuntimeEvent } from '../observer.ts';

/** As much of a pino logger as events need. */
export interface EventLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** `debugs` says whether debug lines are wanted at all: there is one for each call, and they are not even made otherwise. */
export function createEventLog(logger: EventLogger, debugs: boolean): (event: RuntimeEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'call':
        if (debugs) logger.debug(fieldsOf(event), 'call');
        return;
      case 'attempt':
        if (event.number > 1) logger.info(fieldsOf(event), 'request repeated');
        else if (debugs) logger.debug(fieldsOf(event), 'request sent');
        return;
      case 'limit-wait-begun':
        return;
      case 'limit-wait-ended':
        if (debugs) logger.debug(fieldsOf(event), 'waited for room in a limit');
        return;
      case 'token':
        if (event.outcome === 'ok') logger.info(fieldsOf(event), 'token exchanged');
        else logger.warn(fieldsOf(event), 'token not exchanged');
        return;
      case 'state':
        if (event.to === 'failing') logger.warn(fieldsOf(event), 'installation failing');
        else logger.info(fieldsOf(event), 'installation state changed');
        return;
      case 'rotation':
        if (event.outcome === 'ok') logger.info(fieldsOf(event), 'credentials rotated');
        else logger.warn(fieldsOf(event), 'credentials not rotated');
        return;
      case 'rows-deleted':
        logger.info(fieldsOf(event), 'old rows deleted');
        return;
      case 'rows-lost':
      case 'trouble':
        logger.error(fieldsOf(event), event.message);
        return;
      case 'request':
        // The server has a line of its own for it.
        return;
    }
  };
}

const fieldsOf = ({ type: event, ...fields }: RuntimeEvent): object => {
  const { message: _, ...rest } = fields as { message?: string };
  return { event, ...rest };
};
