import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import * as api from '../api/calls';
import { kIntegrities, type CheckedFile, type Integrity, type IntegrityAnswer } from '../api/types';
import { AskLink } from '../ui/ask_link';
import { Segmented } from '../ui/buttons';
import { countText } from '../ui/count';
import { PageFoot } from '../ui/page_foot';
import { usePages } from '../ui/paged_list';
import { Visible, visibleString } from '../ui/visible_text';
import { searchOfFile } from './links';
import { kSigns } from './words';

type Counts = IntegrityAnswer['files'];

/** The files of one state, by name. Those that are wrong come first. */
export function FileList({ files }: { files: Counts }): VNode {
  const state = useSignal<Integrity>(files.tampered === 0 && files.missing > 0 ? 'missing' : 'tampered');
  const pages = usePages<CheckedFile>(state.value, async (cursor, signal) => {
    const page = await api.integrity({ state: state.value, cursor }, signal);
    return { rows: page.list, total: page.files[state.value], cursor: page.cursor };
  });
  return (
    <section class="panel" aria-labelledby="files-title">
      <h2 id="files-title">Files</h2>
      <Segmented
        label="State of files"
        choices={kIntegrities.map(value => ({
          value,
          content: (
            <>
              {kSigns[value]} {value} <span class="count">{countText(files[value])}</span>
            </>
          ),
        }))}
        chosen={state.value}
        onChoose={value => (state.value = value)}
      />
      {pages.rows.value.length > 0 && (
        <ul class="file-list" aria-label="Files">
          {pages.rows.value.map(({ log_file: file }) => (
            <li key={file}>
              <Visible text={file} />
              <AskLink to={searchOfFile(file)} label={`Events of ${visibleString(file)}`}>
                events
              </AskLink>
            </li>
          ))}
        </ul>
      )}
      <PageFoot pages={pages} what="files" />
    </section>
  );
}
