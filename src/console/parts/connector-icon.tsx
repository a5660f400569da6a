/** A connector comes in; its icon goes out, or its first letter where it has none. */
import type { ConnectorRelease } from '../api/answers.ts';

interface ConnectorIconProps {
  readonly connector: Pick<ConnectorRelease, 'Title' | 'Icon'>;
  /** Edge in pixels. */
  readonly size?: number;
}

/** Without a text of its own: the title always stands beside it. */
export function ConnectorIcon({ connector: { Title, Icon }, size = 36 }: ConnectorIconProps) {
  const style = { width: size, height: size };
  return Icon === null ? (
    <span className="connector-icon" style={style} aria-hidden>
      {Title.charAt(0).toUpperCase()}
    </span>
  ) : (
    <img className="connector-icon" style={style} src={Icon} alt="" />
  );
}
