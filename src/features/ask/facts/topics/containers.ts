import type { Analysis } from "../../../../contracts/analysis.ts";
import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, stackEvidence } from "../wording.ts";

const words = wordsOf(
  "docker dockerfile dockerfiles docker-compose compose container containers containerised containerized image images",
  "kubernetes k8s helm run runs where support setup file files configuration config deploy deployed deployment how",
);
const asks =
  /^(is|are) there (an? |any )?(docker\w*|containers?\b|kubernetes\b|helm\b)|^(does|do) (it|we) (have|ship|provide|come with) (an? |any )?(docker|container|kubernetes|helm)|^(can|could) (i|we|it) (be )?run (it |this )?in (an? )?(docker|container)|^where (is|are) (the )?docker|^is (it|this) (containeri[sz]ed|dockeri[sz]ed)$/i;

export const containers: FactTopic = {
  id: "containers",
  examples: {
    answered: [
      "Is there a Dockerfile?",
      "Does it have a docker image?",
      "Can I run it in Docker?",
      "where is the docker compose file?",
    ],
    left: [
      "How does it detect that it runs in Docker?",
      "Where are the images resized?",
      "Is there a container for dependencies?",
      "Which class is the container of services?",
    ],
  },
  find(question, { stack }) {
    if (!asks.test(question.text) || !isOnlyAbout(question, words)) return null;
    const found = stack.filter((item) => item.category === "container" || item.category === "orchestration");
    const images = found.filter((item) => item.name !== "Dev Containers").map(withoutIgnoreFile);
    const paths = images.flatMap((item) => item.evidence.slice(0, 3).map(({ path }) => path));
    if (paths.length === 0)
      // What an ignore file is for may lie in a folder beside the product, which the stack does not show.
      return images.length > 0
        ? null
        : {
            statement: "Neither a Dockerfile nor a Compose file was recognised.",
            evidence: [],
            confidence: "likely",
          };
    return {
      statement: `It has files for ${enumerate(images.map((item) => item.name))}: ${enumerate([...new Set(paths)], 5)}.`,
      evidence: images.flatMap((item) => stackEvidence(item, 4)),
      confidence: "certain",
    };
  },
};

function withoutIgnoreFile(item: Analysis["stack"][number]): Analysis["stack"][number] {
  return { ...item, evidence: item.evidence.filter(({ path }) => !path.endsWith(".dockerignore")) };
}
