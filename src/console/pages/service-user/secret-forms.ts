/** An access key with its secret comes in; the texts to be copied go out. Pure. */

export interface Credentials {
  /** Where the API is. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** As the commands of the CLI read them, and as a .env file has them. */
export const envOf = ({ url, clientId, clientSecret }: Credentials): string =>
  [
    `FISHPLATE_URL=${url}`,
    `FISHPLATE_CLIENT_ID=${clientId}`,
    `FISHPLATE_CLIENT_SECRET=${clientSecret}`,
    '',
  ].join('\n');

export const jsonOf = ({ url, clientId, clientSecret }: Credentials): string =>
  JSON.stringify({ url, clientId, clientSecret }, null, 2);
