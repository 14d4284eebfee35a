// Before the parts, whose rules are about the same elements more closely.
import './ui/style.css';
import { render } from 'preact';
import { App } from './app/app';

const root = document.getElementById('app');
if (root) render(<App />, root);
