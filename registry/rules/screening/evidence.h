#pragma once

#include "registry/rules/screening/severity.h"
#include "registry/rules/screening/subject.h"
#include "registry/rules/screening/visits.h"

/// What a finding is worth beside others.
namespace egret::rules {

/// How bad it is, of one breast by what is said of that one alone.
Severity severity_for(const ExactFinding& exact, std::optional<HistologySite> breast);

/// Not merely suspected: a biopsy tells it, or the image of a cancer that is known.
bool is_known_cancer(const ExactFinding& exact, std::optional<HistologySite> breast);

/// A treatment of cancer: taking out the organ or the lesion with it, or treating the whole body.
/// An ablation is none.
bool treats_cancer(const Treatment& treatment, bool is_of_cervix);

/// Cells of glands, which the lesions of squamous cells don't explain.
bool is_glandular(const Finding& finding);

/// A therapy that goes on for weeks or years, without an operation.
bool is_course(const Treatment& treatment);

/// A treatment that leaves tissue to be examined.
bool takes_tissue(const Treatment& treatment);

/// It says of itself that its tissue was taken to look at, and not in a treatment: by punch, needle
/// or curettage.
bool is_of_biopsy(const Histology& report);

/// Its reason is the code of a lesion, as results name them, or speaks of one.
bool names_lesion(const Treatment& treatment);

/// A treatment that has nothing to do with the lesions that screening of that site finds: cautery
/// for another reason, one that doesn't name any of them, a course of therapy for something else.
bool is_for_something_else(const Treatment& treatment, bool is_of_cervix);

/// A report of tissue that tells what it is: neither missing nor too little.
bool tells_tissue(const Finding& finding);

/// Leaves out what can't set aside what else was found at the same visit: a normal result or a
/// treatment that she only tells of, and a punch biopsy or a curettage that found nothing, where
/// tissue was cut out or other tissue shows more. Everywhere left out are treatments for something
/// else and the reviews of whoever isn't of the rank that China's plan of 2021 asks for.
void leave_out_weak_evidence(ScreeningCase& woman);

}  // namespace egret::rules
