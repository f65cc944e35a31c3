/** The styles of every view, for the shadow root that it is drawn in. */
import controlStyles from './controls.css';
import styles from './styles.css';
import viewerStyles from './viewer/viewer.css';

export const ALL_STYLES = controlStyles + styles + viewerStyles;
