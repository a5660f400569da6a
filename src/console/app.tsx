/** Nothing comes in; the whole console goes out: look, cache of answers, addresses, live region. */
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { BrowserRouter } from 'react-router';
import { createQueryClient } from './api/query-client.ts';
import { styleNonce } from './nonce.ts';
import { AppRoutes } from './routes.tsx';
import { Announcer } from './shell/announcer.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { cssVariables, theme } from './theme.ts';

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
      cssVariablesResolver={cssVariables}
    >
      <ErrorBoundary>
        <QueryClientProvider client={client}>
          <Announcer>
            <BrowserRouter basename="/console">
              <AppRoutes />
            </BrowserRouter>
          </Announcer>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}
