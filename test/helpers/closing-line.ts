/** A vitest reporter that ends a run with one plain line, `N passed, N failed`, for whoever reads the log by machine. */
import type { Reporter, TestModule } from 'vitest/node';

/** What `describeInBrowser` puts behind the names of its tests; not imported, since that would load the browser's driver. */
const IN_BROWSER = '(in the browser)';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((each) => each === state).length;
    // A file that could not even be loaded has no tests to count, and must not look like none failed.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    ).length;
    const skipped = count('skipped');
    const withoutBrowser = modules.filter((module) =>
      [...module.children.allTests('skipped')].some((test) => test.fullName.includes(IN_BROWSER)),
    );
    if (withoutBrowser.length > 0)
      console.log(
        `\nleft out for want of a browser (apt-get install chromium): ${withoutBrowser.map(({ relativeModuleId }) => relativeModuleId).join(', ')}`,
      );
    console.log(
      `\n${count('passed')} passed, ${count('failed') + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
  }
}
