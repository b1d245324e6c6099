import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
  NavLink,
  type NavLinkProps,
} from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type A<Props> = Omit<ComponentPropsWithRef<"a">, keyof Props> & Props;

/** Mantine's components as links of the router. */
export const TextLink = createLink((props: A<AnchorProps>) => (
  <Anchor {...props} />
));

export const ButtonLink = createLink((props: A<ButtonProps>) => (
  <Button component="a" {...props} />
));

export const RailLink = createLink((props: A<NavLinkProps>) => (
  <NavLink component="a" {...props} />
));

export const MenuLink = createLink((props: A<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
));
