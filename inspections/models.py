"""All tables of the inspections, in the order of their life: checklist, plan, round, finding."""

from inspections.checklist_models import Checklist as Checklist
from inspections.checklist_models import Edition as Edition
from inspections.checklist_models import Item as Item
from inspections.plan_models import Plan as Plan
from inspections.plan_models import PlanPoint as PlanPoint
from inspections.round_models import Answer as Answer
from inspections.round_models import Arrival as Arrival
from inspections.round_models import Finding as Finding
from inspections.round_models import Point as Point
from inspections.round_models import Round as Round
