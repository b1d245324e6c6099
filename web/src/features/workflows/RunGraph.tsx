import type {
  WorkflowRunDetail,
  WorkflowVocabulary,
} from "../../api/generated";
import { Canvas } from "./Canvas";
import classes from "./Canvas.module.css";
import { graphOf } from "./graph";
import { placed } from "./layout";
import { statesOf, takenBy } from "./run-states";

interface Props {
  run: WorkflowRunDetail;
  vocabulary: WorkflowVocabulary;
  selected: string | null;
  onSelect: (id: string | null) => void;
}

/** Where in its graph a run is. */
export default function RunGraph({ run, vocabulary, ...choice }: Props) {
  return (
    <div className={classes.low}>
      <Canvas
        {...choice}
        graph={placed(graphOf(run.content))}
        vocabulary={vocabulary}
        states={statesOf(run)}
        taken={takenBy(run)}
      />
    </div>
  );
}
