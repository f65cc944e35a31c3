/**
 * What two guidelines ask of a report, in our own short words: GRRAS for studies of reliability and agreement (Kottner
 * et al., J Clin Epidemiol 2011) and CLAIM 2024 for studies of AI in imaging (Tejani et al., Radiol Artif Intell 2024).
 */

/** What a notebook may know an answer to. */
export type Known =
  | 'networks'
  | 'networkKind'
  | 'sampleSize'
  | 'statistics'
  | 'numbers'
  | 'estimates'
  | 'sources'
  | 'leftOut'
  | 'rows'
  | 'preprocessing'
  | 'missing'
  | 'consensus'
  | 'readers'
  | 'software'
  | 'subgroups'
  | 'availability'
  | 'details';

export interface ChecklistItem {
  readonly section: string;
  /** What is to be reported. */
  readonly asks: string;
  /** What of it the notebook may know. */
  readonly known?: Known;
}

export interface Checklist {
  readonly title: string;
  readonly source: string;
  /** In the guideline's order, which numbers them from 1. */
  readonly items: readonly ChecklistItem[];
}

function section(name: string, ...items: readonly (string | readonly [asks: string, known: Known])[]): ChecklistItem[] {
  return items.map((item) =>
    typeof item === 'string' ? { section: name, asks: item } : { section: name, asks: item[0], known: item[1] },
  );
}

export const GRRAS: Checklist = {
  title: 'GRRAS: reliability and agreement',
  source: 'Kottner et al., J Clin Epidemiol 2011; 64: 96–106',
  items: [
    ...section('Title and abstract', 'The title or abstract says that reliability or agreement was studied'),
    ...section(
      'Introduction',
      ['The device or method of measurement, by name', 'networks'],
      'The population of patients that is meant',
      'The population of readers that is meant',
      'What is known already of reliability and agreement, and why this study',
    ),
    ...section(
      'Methods',
      ['How the numbers of patients, readers and repeated readings were chosen', 'sampleSize'],
      'How patients and readers were sampled',
      'How it was measured and read: time between readings, clinical information, blinding',
      'Whether readings were independent of each other',
      ['The statistical analysis', 'statistics'],
    ),
    ...section(
      'Results',
      ['The numbers of patients and readers included, and of repeated readings', 'numbers'],
      'Characteristics of the patients and of the readers (training, experience)',
      ['Estimates of reliability and agreement with their uncertainty', 'estimates'],
    ),
    ...section('Discussion', 'What the results mean in practice'),
    ...section('Auxiliary material', ['Detailed results, where possible', 'details']),
  ],
};

export const CLAIM: Checklist = {
  title: 'CLAIM 2024: artificial intelligence in imaging',
  source: 'Tejani et al., Radiol Artif Intell 2024; 6: e240300',
  items: [
    ...section(
      'Title and abstract',
      ['The study is named as one of AI, with the kind of technology', 'networkKind'],
      'A structured summary of design, methods, results and conclusions',
    ),
    ...section(
      'Introduction',
      'Scientific and clinical background, with the intended use of the AI',
      'Aims, objectives and hypotheses',
    ),
    ...section('Study design', 'Prospective or retrospective', 'The goal of the study'),
    ...section(
      'Data',
      ['Where the data are from', 'sources'],
      ['Criteria of inclusion and exclusion', 'leftOut'],
      ['Preprocessing of the data', 'preprocessing'],
      ['How parts of the data were selected', 'rows'],
      'How the data were de-identified',
      ['How missing data were handled', 'missing'],
      'The protocol of image acquisition',
    ),
    ...section(
      'Reference standard',
      ['How the reference standard was obtained', 'consensus'],
      'Why this reference standard',
      'Who annotated, with which qualifications and tools',
      'How the test set was annotated',
      ['Variability between and within readers', 'readers'],
    ),
    ...section(
      'Data partitions',
      'How data were assigned to training, tuning and testing',
      'At which level the partitions are disjoint: patient, study, image',
    ),
    ...section('Testing data', ['The intended sample size', 'sampleSize']),
    ...section(
      'Model',
      ['The model in detail: inputs, outputs, layers', 'networks'],
      ['Software, with versions', 'software'],
      'How the parameters of the model were initialised',
    ),
    ...section(
      'Training',
      'How it was trained: augmentation, hyperparameters, number of models',
      'How the final model was selected',
      'How models were combined, if they were',
    ),
    ...section(
      'Evaluation',
      ['Metrics of performance', 'statistics'],
      ['Statistical measures of significance and uncertainty', 'statistics'],
      ['Robustness, or sensitivity to choices', 'subgroups'],
      'How the model’s results can be explained',
      'Evaluation on internal data',
      'Testing on external data',
      'Registration of the trial, if it is one',
    ),
    ...section(
      'Results',
      ['The numbers of patients or examinations included and excluded', 'numbers'],
      'Demographic and clinical characteristics in each partition',
      ['Metrics of performance with their uncertainty', 'estimates'],
      ['Estimates of diagnostic performance with their precision', 'estimates'],
      'Where the model fails, and why',
    ),
    ...section(
      'Discussion',
      'Limitations, with bias and generalisability',
      'Implications for practice, with the intended use',
    ),
    ...section(
      'Other information',
      'Where the study protocol and further technical details are',
      ['Availability of software, model and data', 'availability'],
      'Funding and other support, and the role of funders',
    ),
  ],
};
