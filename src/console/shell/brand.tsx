/** Nothing comes in; the product's mark and name go out, as a link to the start. */
import { Link } from 'react-router';
import iconUrl from '../icon.svg';

export const Brand = () => (
  <Link to="/" className="brand" aria-label="Fishplate, to the start">
    <img src={iconUrl} width={26} height={26} alt="" />
    <span>Fishplate</span>
  </Link>
);
