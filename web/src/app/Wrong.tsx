import { Button, Container } from "@mantine/core";
import { IconCloudQuestion, IconMapQuestion } from "@tabler/icons-react";
import { Empty } from "../ui/Empty";
import { ButtonLink } from "../ui/links";

/** There is nothing at this address. */
export function NotFound() {
  return (
    <Empty
      icon={<IconMapQuestion size={40} />}
      title="There is nothing here"
      action={<ButtonLink to="/incidents">Go to the incidents</ButtonLink>}
    >
      The address may be mistyped, or what was here has been deleted.
    </Empty>
  );
}

/** A page could not be shown at all. */
export function Crashed({ error }: { error: unknown }) {
  return (
    <Container component="main">
      <Empty
        icon={<IconCloudQuestion size={40} />}
        title="This page could not be shown"
        action={
          <Button onClick={() => window.location.reload()}>
            Load it again
          </Button>
        }
      >
        {error instanceof Error ? error.message : String(error)}
      </Empty>
    </Container>
  );
}
